import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../functions/platform/failure.ts'
import { serverUrl } from '../functions/platform/postgres/server-files.ts'
import { roles, type SandboxData, type ServerData } from './data.ts'
import { psql } from './psql.ts'
import { databaseScript, rolesScript } from './roles.ts'

const replayWithinMs = 60_000
const pollMs = 50

/** Creates the sandbox's roles, on a primary that has none yet. */
export async function createRoles(data: SandboxData): Promise<void> {
  await psql(data.pgBin, adminUrl(data, data.primary.port), await rolesScript(data.passwords))
}

/** Creates an empty database that PgBouncer can look users up in. */
export async function createDatabase(data: SandboxData, name: string, owner: string = roles.app): Promise<void> {
  await psql(data.pgBin, adminUrl(data, data.primary.port), databaseScript(name, owner))
}

/** The standbys of a sandbox. */
export function standbysOf({ standby, furtherStandbys = [] }: SandboxData): ServerData[] {
  return standby === undefined ? [] : [standby, ...furtherStandbys]
}

/** Resolves when every standby has replayed what the primary had written when this was called. */
export async function waitForStandby(data: SandboxData): Promise<void> {
  const standbys = standbysOf(data)
  if (standbys.length === 0) return
  const lsn = await psql(data.pgBin, adminUrl(data, data.primary.port), 'SELECT pg_current_wal_lsn()')
  for (const standby of standbys) await untilReplayed(data, standby, lsn)
}

async function untilReplayed(data: SandboxData, standby: ServerData, lsn: string): Promise<void> {
  const deadline = performance.now() + replayWithinMs
  while (performance.now() < deadline) {
    const replayed = await psql(data.pgBin, adminUrl(data, standby.port), `SELECT pg_last_wal_replay_lsn() >= '${lsn}'`)
    if (replayed === 't') return
    await sleep(pollMs)
  }
  throw new Failure(`the standby had not replayed ${lsn} after ${replayWithinMs / 1000} s`, {
    kind: 'transient',
    subject: 'standby',
    hint: `Read its log: ${standby.logFile}`,
  })
}

function adminUrl(data: SandboxData, port: number): string {
  const user = roles.admin
  return serverUrl({ host: '127.0.0.1', port, database: 'postgres', user, password: data.passwords[user] })
}
