import { setTimeout as sleep } from 'node:timers/promises'
import { stands } from '../../functions/platform/alerts/hysteresis.ts'
import type { Check } from '../../functions/platform/check.ts'
import { Failure } from '../../functions/platform/failure.ts'
import { expectedCluster } from '../../functions/replication/expected.ts'
import type { PollMemory } from '../../functions/replication/memory.ts'
import { pollReplication } from '../../functions/replication/poll.ts'
import { definedReplicas } from '../sites/site.ts'
import type { Drill, DrillScene } from './drill.ts'
import { noReplica } from './obstacles.ts'
import { orFinding } from './or-finding.ts'

const pollEveryMs = 1_000
/** Far more than it takes; then it is said that it did not come. */
const mostPolls = 20

/** A replica that is cut off is an alert as soon as the definition's polls may raise one, and none any more once it is back. */
export const replicaCutOff: Drill = {
  name: 'replica-cut-off',
  changes: 'breaks',
  withinSeconds: 240,
  obstacle: noReplica,
  async run(scene) {
    const { site, record, signal } = scene
    const { raiseAfter } = site.cluster.alerts
    const replica = definedReplicas(site)[0] ?? ''
    const watch = new Watch(scene, replica)
    await watch.requireWell()
    scene.restoreBy((end) => site.reconnectReplica(replica, end))
    await site.cutReplica(replica, signal)
    record.event('replicaCutOff', replica)
    const raised = await watch.until(true)
    if (raised.reached) record.event('alertRaised', replica)
    record.measure('pollsToAlert', {
      ...{ value: raised.polls, unit: 'count', samples: raised.reached ? 1 : 0 },
      limit: { is: 'at most', value: raiseAfter, from: 'alerts.raiseAfter' },
    })
    const reconnected = site.reconnectReplica(replica, signal)
    if (!(await orFinding(scene, `${replica} could not be connected again`, reconnected))) return
    record.event('replicaReconnected', replica)
    const ended = await watch.until(false)
    if (ended.reached) record.event('alertRecovered', replica)
    record.measure('pollsToRecovery', {
      ...{ value: ended.polls, unit: 'count', samples: ended.reached ? 1 : 0 },
      limit: { is: 'at most', value: mostPolls, from: 'drill' },
    })
    record.table('replicationPolls', ['poll', 'subject', 'finding'], watch.rows)
  },
}

/** Polls as the schedule would, only faster, with what each poll leaves to the next. */
class Watch {
  /** What each poll found wrong. */
  readonly rows: (readonly [poll: number, subject: string, finding: string])[] = []
  readonly #scene: DrillScene
  readonly #replica: string
  #memory: PollMemory | undefined
  #polls = ''
  #standing = false

  constructor(scene: DrillScene, replica: string) {
    this.#scene = scene
    this.#replica = replica
  }

  /** An alarm that is there before could not be told from the drill's own. */
  async requireWell(): Promise<void> {
    const [before] = await this.#poll()
    if (before === undefined) return
    throw new Failure(`the replication check is not well before the drill: ${before.name}: ${before.finding}`, {
      ...{ kind: 'permanent', subject: before.subject },
      hint: `${before.fix ?? 'See `ballast check replication`'} Then run the drill again.`,
    })
  }

  /** Polls until the alert stands, or no longer does; and how many polls that took. */
  async until(standing: boolean): Promise<{ polls: number; reached: boolean }> {
    for (let polls = 1; polls <= mostPolls; polls += 1) {
      await this.#poll()
      if (this.#standing === standing) return { polls, reached: true }
      await sleep(pollEveryMs, undefined, { signal: this.#scene.signal })
    }
    return { polls: mostPolls, reached: false }
  }

  async #poll(): Promise<Check[]> {
    const { site, signal } = this.#scene
    const expected = expectedCluster(site.cluster)
    const { checks, memory } = await pollReplication(expected, await site.monitors('server'), this.#memory, signal)
    this.#memory = memory
    const slot = expected.nodes.find(({ name }) => name === this.#replica)?.slot
    const ours = new Set([this.#replica, slot])
    const bad = checks.filter(({ subject, status }) => ours.has(subject) && status === 'fail')
    this.#polls += bad.length > 0 ? '!' : '.'
    this.#standing = stands(this.#polls, this.#standing, site.cluster.alerts)
    for (const { subject, name, finding } of bad) this.rows.push([this.#polls.length, subject, `${name}: ${finding}`])
    return bad
  }
}
