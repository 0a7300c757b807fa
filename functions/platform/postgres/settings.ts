/** One address to try: a host name or IP with a port, or the directory of a Unix socket (starts with `/`). */
export interface HostAddress {
  host: string
  port: number
  /** The IP address to connect to when it is known; `host` then only names the server to TLS and to the password file. */
  hostaddr?: string
}

/** libpq's sslmode, with libpq's meaning (PostgreSQL documentation, "SSL Mode Descriptions"). */
export type SslMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full'

export type TargetSessionAttributes = 'any' | 'read-write' | 'read-only' | 'primary' | 'standby' | 'prefer-standby'

/**
 * A connection as libpq would resolve it from a URL or conninfo string, the environment, a service file and a password
 * file. Plain data; print it only through `describeConnection`.
 */
export interface ConnectionSettings {
  /** Tried in order; the session says which one answered. Never empty. */
  hosts: HostAddress[]
  database: string
  user: string
  password?: string
  /** One per host, where the password file holds different ones for them; a session's own settings have `password` alone. */
  hostPasswords?: (string | undefined)[]
  sslmode: SslMode
  /** Path of the root certificates; `system` for the operating system's. */
  sslrootcert?: string
  sslcert?: string
  sslkey?: string
  /** Set when SCRAM must not be bound to the TLS connection; without it that is done where the server offers it. */
  channelBinding?: 'disable'
  targetSessionAttrs: TargetSessionAttributes
  /** Limit for one address, from its first packet to the end of the log-in, in seconds; 0 is none. */
  connectTimeoutSeconds: number
  /** Server settings given as in PGOPTIONS (`-c name=value`). */
  options?: string
  /** The name asked for in the connection string or PGAPPNAME; it goes before the one Ballast would use. */
  applicationName?: string
}
