import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import { unlogged } from '../../sites/password-sql.ts'
import { definedPrimary } from '../../sites/site.ts'
import { type DrillScene, drillConnection } from '../drill.ts'
import { tryLogin } from '../try-login.ts'
import type { RunningClients } from './running-clients.ts'

/** A role that an application logs in with. It owns nothing: it acts as the drills' role, which owns what there is. */
export interface Login {
  user: string
  password: string
}

/** Makes a login of the application. Of several at the same time each has its own password. */
export async function makeLogin(scene: DrillScene, suffix: string): Promise<Login> {
  const { site, login: owner, signal, restoreBy } = scene
  const primary = definedPrimary(site)
  const login = { user: `${owner.user}_${suffix}`, password: randomBytes(24).toString('hex') }
  restoreBy(async (restoring) => await dropLogin(scene, login.user, restoring))
  await dropLogin(scene, login.user, signal)
  const make = `${unlogged}
CREATE ROLE ${login.user} LOGIN PASSWORD '${login.password}' IN ROLE ${owner.user};
ALTER ROLE ${login.user} SET role = '${owner.user}';`
  await site.sql(primary, make, { signal })
  return login
}

/** The login's way through the pooler. */
export async function wayOf(scene: DrillScene, login: Login): Promise<ConnectionSettings> {
  return { ...(await drillConnection(scene, definedPrimary(scene.site), 'pooler')), ...login }
}

/** How the password of an application that runs is changed; returns the login that must not be good any more. */
export type Rotation = (scene: DrillScene, first: Login, clients: RunningClients) => Promise<Login>

const phaseMs = 1_000
const betweenMs = 300

/**
 * By two logins of one owner: the second is made beside the first, the clients move to it one after another, and the first is
 * closed when nobody uses it any more. At no moment is a password that somebody uses wrong.
 */
export const byTwoLogins: Rotation = async (scene, first, clients) => {
  const { record, signal, site } = scene
  const second = await makeLogin(scene, 'second')
  record.event('secondLoginMade')
  clients.begin('bothGood')
  await sleep(phaseMs, undefined, { signal })
  clients.begin('moving')
  await clients.move(await wayOf(scene, second), betweenMs)
  record.event('clientsMoved')
  clients.begin('firstClosed')
  const close = `ALTER ROLE ${first.user} NOLOGIN PASSWORD NULL;
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${first.user}';`
  await site.sql(definedPrimary(site), close, { signal })
  record.event('firstLoginClosed')
  await sleep(phaseMs, undefined, { signal })
  return first
}

/** How many of the ways in still take a login; one that cannot be reached tells nothing, and that is a finding. */
export async function acceptedWays(scene: DrillScene, login: Login): Promise<{ accepted: number; tried: number }> {
  const found = { accepted: 0, tried: 0 }
  for (const through of ['pooler', 'direct'] as const) {
    const way = { ...(await drillConnection(scene, definedPrimary(scene.site), through)), ...login }
    const { came, words } = await tryLogin(way, scene.signal)
    if (came === 'unreachable')
      scene.record.finding(`Whether the ${through} still takes the old password is not known: ${words}`)
    else found.tried += 1
    if (came === 'letIn') found.accepted += 1
  }
  return found
}

async function dropLogin({ site }: DrillScene, user: string, signal: AbortSignal): Promise<void> {
  const drop = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'; DROP ROLE IF EXISTS ${user};`
  await site.sql(definedPrimary(site), drop, { signal })
}
