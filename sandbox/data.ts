/** The roles of the sandbox that log in. */
export const roles = {
  admin: 'postgres',
  app: 'app',
  backup: 'ballast_backup',
  monitor: 'ballast_monitor',
  replication: 'replicator',
  pooler: 'pgbouncer',
} as const

/** One PostgreSQL server of the sandbox, as plain data. */
export interface ServerData {
  port: number
  socketDirectory: string
  dataDirectory: string
  pid: number
  /** What the server logged. */
  logFile: string
}

/** PgBouncer, as plain data. */
export interface PoolerData {
  port: number
  pid: number
  logFile: string
}

/** The S3 server of the sandbox, as plain data. */
export interface S3Data {
  endpoint: string
  accessKey: string
  secretKey: string
  region: string
  bucket: string
  /** Subdirectories are buckets, files are objects. */
  objectsDirectory: string
  pid: number
  /** What an S3 client needs to find it: the standard AWS_* variables. */
  env: Record<string, string>
}

/** Everything about a running sandbox that can cross into another process. */
export interface SandboxData {
  directory: string
  pgBin: string
  /** By role name. */
  passwords: Record<string, string>
  primary: ServerData
  standby?: ServerData | undefined
  /** Those beyond the first. */
  furtherStandbys?: readonly ServerData[] | undefined
  pgbouncer?: PoolerData | undefined
  s3?: S3Data | undefined
}
