import { serverUrl } from '../functions/platform/postgres/server-files.ts'
import { type PoolerData, roles, type S3Data, type SandboxData, type ServerData } from './data.ts'
import { createDatabase, standbysOf, waitForStandby } from './databases.ts'
import { psql } from './psql.ts'
import { sandboxFailure } from './sandbox-failure.ts'

/** A server with the URLs that reach it: over TCP on 127.0.0.1, with the role's password. */
export interface SandboxServer extends ServerData {
  /** As the owner `app` of database `app`, unless others are named. */
  url(database?: string, user?: string): string
  /** As the superuser, in database `postgres` unless another is named. */
  adminUrl(database?: string): string
}

/** The pooler with the URL that reaches it. */
export interface SandboxPooler extends PoolerData {
  /** As the owner `app` of database `app`, unless others are named. */
  url(database?: string, user?: string): string
}

/** How to reach the parts of a sandbox. A part that was not started throws when it is asked for. */
export interface SandboxConnections {
  readonly directory: string
  readonly pgBin: string
  readonly data: SandboxData
  readonly primary: SandboxServer
  readonly standby: SandboxServer
  /** All of them, the first included. */
  readonly standbys: readonly SandboxServer[]
  readonly pgbouncer: SandboxPooler
  readonly s3: S3Data
  /** As the least-privileged backup role, on the primary. */
  backupUrl(database?: string): string
  /** As the least-privileged backup role, on the standby. */
  standbyBackupUrl(database?: string): string
  /** Runs a script as one psql session; returns its rows, unaligned, with `|` between columns. */
  psql(url: string, script: string): Promise<string>
  /** An empty database, reachable through PgBouncer; owned by `app` unless another role is named. */
  createDatabase(name: string, owner?: string): Promise<void>
  /** Resolves when every standby has replayed all that the primary has written until now. */
  waitForStandby(): Promise<void>
}

/** The connections that a sandbox's plain data describes. */
export function connectionsOf(data: SandboxData): SandboxConnections {
  const urlAt = (port: number, database: string, user: string) =>
    serverUrl({ host: '127.0.0.1', port, database, user, password: data.passwords[user] })
  const server = (part: ServerData): SandboxServer => ({
    ...part,
    url: (database = 'app', user = roles.app) => urlAt(part.port, database, user),
    adminUrl: (database = 'postgres') => urlAt(part.port, database, roles.admin),
  })
  return {
    ...{ directory: data.directory, pgBin: data.pgBin, data },
    primary: server(data.primary),
    get standby() {
      return server(present(data.standby, 'standby'))
    },
    standbys: standbysOf(data).map(server),
    get pgbouncer() {
      const part = present(data.pgbouncer, 'pgbouncer')
      return { ...part, url: (database = 'app', user = roles.app) => urlAt(part.port, database, user) }
    },
    get s3() {
      return present(data.s3, 's3')
    },
    backupUrl: (database = 'app') => urlAt(data.primary.port, database, roles.backup),
    standbyBackupUrl: (database = 'app') => urlAt(present(data.standby, 'standby').port, database, roles.backup),
    psql: (url, script) => psql(data.pgBin, url, script),
    createDatabase: (name, owner) => createDatabase(data, name, owner),
    waitForStandby: () => waitForStandby(data),
  }
}

function present<Part>(part: Part | undefined, name: string): Part {
  if (part === undefined) throw sandboxFailure(`this sandbox was started without its ${name}`, name)
  return part
}
