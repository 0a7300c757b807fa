/** Which parts of the cluster to start; all of them by default. */
export interface SandboxOptions {
  /** Absolute, must not exist; removed at the end. By default a new one in $BALLAST_SANDBOX_DIR or the system's temporary directory. */
  directory?: string
  /** How many standbys, each with a slot of its own; true is one. */
  standby?: boolean | number
  pgbouncer?: boolean
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
