/** One address to try: a host name or IP with a port, or the directory of a Unix socket (starts with `/`). */
export interface HostAddress {
  host: string
  port: number
}

/** libpq's sslmode, with libpq's meaning (PostgreSQL documentation, "SSL Mode Descriptions"). */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export type TargetSessionAttributes = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby'

/**
 * A connection as libpq would resolve it from a URL or conninfo string, the environment, a service file and a password
 * file. Plain data, so that it crosses into worker threads; print it only through `describeConnection`.
 */
export interface ConnectionSettings {
  /** Tried in order; the session says which one answered. Never empty. */
  hosts: HostAddress[]
  database: string
  user: string
  password?: string
  sslmode: SslMode
  /** Path of the root certificates; `system` for the operating system's. */
  sslrootcert?: string
  sslcert?: string
  sslkey?: string
  targetSessionAttrs: TargetSessionAttributes
  connectTimeoutSeconds: number
  /** Server settings given as in PGOPTIONS (`-c name=value`). */
  options?: string
}
