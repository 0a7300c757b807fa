import { setTimeout as pause } from 'node:timers/promises'
import { defineCluster } from '../../config/index.ts'
import { alertsKey } from '../../functions/archive/keys.ts'
import { notify } from '../../functions/platform/alerts/notify.ts'
import type { AlertSettings } from '../../functions/platform/alerts/settings.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { holdSecret } from '../../functions/platform/secrets/held-secret.ts'
import { expectedCluster } from '../../functions/replication/expected.ts'
import type { PollMemory } from '../../functions/replication/memory.ts'
import { pollReplication } from '../../functions/replication/poll.ts'
import { replicationOutcome } from '../../functions/replication/replication-outcome.ts'
import { observationsOf } from '../../functions/runtime/attend/observations.ts'
import { roles } from '../data.ts'
import type { Sandbox } from '../sandbox.ts'
import { randomSecret } from '../secret.ts'
import { type AlertReceiver, startAlertReceiver } from './alert-receiver.ts'
import { cluster, type DemoScene } from './scene.ts'

/** What the sandbox is watched against: its primary and the one standby that it must have. */
const watched = defineCluster({
  name: cluster,
  nodes: [
    { name: 'primary', role: 'primary', address: '127.0.0.11' },
    { name: 'standby', role: 'replica', address: '127.0.0.12', slot: 'standby' },
  ],
  databases: [{ name: 'app', owner: 'app' }],
  firewall: { admin: ['127.0.0.1/32'], app: ['127.0.0.1/32'], replica: ['127.0.0.8/29'] },
  backup: { stores: [{ type: 'file', name: 'main', directory: '/unused' }], retention: { keep: { daily: 7 } } },
})

const pollEveryMs = 500
/** Far more than it takes; the demo must not hang. */
const mostPolls = 60

/** Cuts the standby off from its primary, and connects it again: people are told once of each. */
export async function cutReplica(scene: DemoScene): Promise<string> {
  const receiver = await startAlertReceiver()
  const store = openStore(scene.store)
  try {
    const watch = new Watch(scene, store, receiver)
    await watch.until('it is well', ({ failed }) => failed.length === 0)
    const connection = await pointStandbyTo(scene.sandbox, "host=127.0.0.1 port=1 application_name='standby'")
    const raised = await watch.until('the alert', () => receiver.alerts.length > 0)
    await pointStandbyTo(scene.sandbox, connection)
    await watch.until('the recovery', () => receiver.alerts.some(({ type }) => type === 'recovery'))
    return told(receiver, raised)
  } finally {
    store.close()
    await receiver.stop()
  }
}

function told({ alerts }: AlertReceiver, polls: number): string {
  const types = alerts.map(({ type }) => type).join(', ')
  if (types !== 'raise, recovery') {
    const titles = alerts.map(({ title }) => title).join('; ')
    throw new Error(`one alert and one recovery were to be told, and these were: ${titles}`)
  }
  return `one alert after ${polls} polls, one recovery: "${alerts[0]?.title}"`
}

/** Polls as the schedule would, only faster. */
class Watch {
  readonly #scene: DemoScene
  readonly #store: ObjectStore
  readonly #settings: AlertSettings
  #memory: PollMemory | undefined

  constructor(scene: DemoScene, store: ObjectStore, receiver: AlertReceiver) {
    this.#scene = scene
    this.#store = store
    const channel = { type: 'webhook', name: 'receiver', url: receiver.url, signingKey: holdSecret(randomSecret()) } as const
    const order = { critical: [channel.name], warning: [channel.name] }
    const rules = { raiseAfter: 2, outOf: 3, remindEverySeconds: 3600, recovery: true }
    this.#settings = { cluster, language: 'en', channels: [channel], order, ...rules }
  }

  /** Polls until that is so; returns how many polls it took. */
  async until(what: string, isSo: (poll: { failed: readonly string[] }) => boolean): Promise<number> {
    for (let polls = 1; polls <= mostPolls; polls += 1) {
      if (isSo({ failed: await this.#poll() })) return polls
      await pause(pollEveryMs, undefined, { signal: this.#scene.signal })
    }
    throw new Error(`${what} did not come in ${mostPolls} polls`)
  }

  async #poll(): Promise<string[]> {
    const { sandbox, env, signal } = this.#scene
    const connections = [sandbox.primary, sandbox.standby].map((server, index) => ({
      node: index === 0 ? 'primary' : 'standby',
      settings: resolveConnection(server.url('postgres', roles.monitor), env),
    }))
    const judged = await pollReplication(expectedCluster(watched), connections, this.#memory, signal)
    this.#memory = judged.memory
    const outcome = replicationOutcome('replication', cluster, judged)
    const context = { store: this.#store, stateKey: alertsKey(cluster), nowMs: Date.now(), signal }
    const report = await notify(observationsOf({ cluster, operation: 'replication' }, outcome), this.#settings, context)
    if (!report.ok) throw new Error('an alert reached nobody')
    return judged.checks.filter(({ status }) => status !== 'ok').map(({ subject, name }) => `${subject}: ${name}`)
  }
}

/** Where the standby gets its WAL from; returns where it got it from before. */
async function pointStandbyTo(sandbox: Sandbox, connection: string): Promise<string> {
  const admin = sandbox.standby.adminUrl()
  const before = (await sandbox.psql(admin, 'SHOW primary_conninfo')).trim()
  const literal = `'${connection.replaceAll("'", "''")}'`
  await sandbox.psql(admin, `ALTER SYSTEM SET primary_conninfo = ${literal};\nSELECT pg_reload_conf();`)
  return before
}
