import type { PoolerLimits } from './pgbouncer.ts'

/** What a server is called as a standby: its `application_name`, and its slot on the primary. */
export interface ServerNames {
  name: string
  slot: string
}

/** Which parts of the cluster to start; all of them by default. */
export interface SandboxOptions {
  /** Absolute, must not exist; removed at the end. By default a new one in $BALLAST_SANDBOX_DIR or the system's temporary directory. */
  directory?: string
  /** What the primary is called, should it become a standby. */
  primary?: ServerNames
  /** Keep the primary's files in memory, where this process may mount that: a disk that can be made small. */
  primaryInMemory?: boolean
  /** How many standbys, each with a slot of its own; true is one. Or what they are called. */
  standby?: boolean | number | readonly ServerNames[]
  /** Whether to start it, or by which limits. */
  pgbouncer?: boolean | PoolerLimits
  s3?: boolean
  /** Databases owned by `app`; `['app']` by default. */
  databases?: readonly string[]
  /** Server settings of the primary and its standby, beyond the sandbox's own. */
  settings?: Readonly<Record<string, string>>
  /** Directory with another PostgreSQL's programs; the newest of Debian's by default. */
  pgBin?: string
  /** Aborting stops the sandbox, also while it starts. */
  signal?: AbortSignal
}
