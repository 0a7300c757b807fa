import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import type { Site } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { backupConnection } from '../drill-sets.ts'
import { tryLogin } from '../try-login.ts'

const pauseMs = 20
/** Longer than it takes from the server's new password to the secret's, also by way of another machine; no schedule comes back sooner. */
const againAfterMs = 2_000
const aroundMs = 500

/** A role of Ballast's own, and its way in with the secret as it is now. */
interface OwnRole {
  user: string
  way(): Promise<ConnectionSettings | undefined>
}

/**
 * Changes the passwords of the roles that Ballast watches and backs up with, while both log in. Ballast holds no connection
 * between two runs and looks its secrets up in each; a run that meets the moment between the server's new password and the
 * secret's is done once more, two seconds later.
 */
export async function rotateOwn(scene: DrillScene): Promise<void> {
  const { site, record, signal } = scene
  const [rotate, roles] = [site.rotatePassword?.bind(site), ownRoles(site)]
  if (rotate === undefined || roles.length === 0) {
    record.untested(
      "Whether Ballast's own passwords change without a failed run: here it has none, or none that can be changed.",
    )
    return
  }
  const runs = { made: 0, failed: 0 }
  const ending = new AbortController()
  const running = roles.map((role) => runUntil(AbortSignal.any([ending.signal, signal]), role, runs))
  try {
    for (const { user } of roles) {
      await sleep(aroundMs, undefined, { signal })
      await rotate(user, randomBytes(24).toString('hex'), signal)
      record.event('passwordRotated', user)
    }
    await sleep(aroundMs, undefined, { signal })
  } finally {
    ending.abort()
    await Promise.all(running)
  }
  record.measure('runsMade', { value: runs.made, unit: 'count', samples: runs.made })
  record.measure('runsFailed', {
    ...{ value: runs.failed, unit: 'count', samples: runs.made },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
}

/** Those that log in with a password. */
function ownRoles(site: Site): OwnRole[] {
  const { monitor, backup } = site.cluster.accounts
  const roles = [
    { ...monitor, way: async () => (await site.monitors('server'))[0]?.settings },
    { ...backup, way: async () => await backupConnection(site) },
  ]
  return roles.filter(({ password }) => password !== undefined)
}

async function runUntil(ended: AbortSignal, role: OwnRole, runs: { made: number; failed: number }): Promise<void> {
  while (!ended.aborted) {
    runs.made += 1
    if (!(await logsIn(role)) && !(await logsInLater(role))) runs.failed += 1
    await sleep(pauseMs)
  }
}

async function logsInLater(role: OwnRole): Promise<boolean> {
  await sleep(againAfterMs)
  return await logsIn(role)
}

async function logsIn(role: OwnRole): Promise<boolean> {
  const way = await role.way()
  return way !== undefined && (await tryLogin(way)).came === 'letIn'
}
