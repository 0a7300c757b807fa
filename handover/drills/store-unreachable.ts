import type { Failure } from '../../functions/platform/failure.ts'
import { failedOutcome } from '../../functions/platform/outcome.ts'
import { observationsOf } from '../../functions/runtime/attend/observations.ts'
import { removableStore, type SiteStore } from '../sites/site.ts'
import { listenToAlerts } from './alert-listener.ts'
import type { Drill, DrillScene } from './drill.ts'
import { makeRows, untilReplayed } from './drill-rows.ts'
import { publishProven, setsOf } from './drill-sets.ts'
import { askUnreachable, type StoreAnswer } from './store-unreachable/ask-unreachable.ts'
import { cutMidway } from './store-unreachable/cut-midway.ts'

const table = 'unreachable_orders'
const rows = 400_000
/** A run that has not ended by then leaves people without a word for too long. */
const failsWithinSeconds = 120

/**
 * A backup whose store goes away in the middle fails and is never listed; nothing that needs the store takes its silence for
 * an answer; people are told; and the first run after it is back is whole.
 */
export const storeUnreachable: Drill = {
  name: 'store-unreachable',
  changes: 'breaks',
  withinSeconds: 600,
  obstacle: (site) =>
    removableStore(site) === undefined
      ? { reason: 'The backup store of this site cannot be taken away from here', next: 'Rehearse it with --sandbox.' }
      : undefined,
  async run(scene) {
    const { site, record, signal } = scene
    const store = removableStore(site)
    if (store === undefined) throw new Error('the drill was begun without a store that can be taken away')
    await makeRows(scene, table, rows)
    await untilReplayed(site, signal)
    const before = await listed(scene, store)
    scene.restoreBy((restoring) => store.reconnect(restoring))
    const answers = [await cutMidway(scene, store), ...(await askUnreachable(scene, store))]
    recordAnswers(scene, answers)
    await hearAlert(scene, store, answers)
    await store.reconnect(signal)
    record.event('storeReconnected')
    await backUpWhole(scene, store, before)
  },
}

function recordAnswers({ record }: DrillScene, answers: readonly StoreAnswer[]): void {
  const limit = { is: 'exactly', value: 0, from: 'drill' } as const
  const succeeded = answers.filter(({ failure }) => failure === undefined)
  record.measure('attemptsSucceeded', { value: succeeded.length, unit: 'count', samples: answers.length, limit })
  record.measure('failedAfter', {
    ...{ value: Math.max(...answers.map(({ seconds }) => seconds)), unit: 's', samples: answers.length },
    limit: { is: 'at most', value: failsWithinSeconds, from: 'drill' },
  })
  for (const { operation, failure } of answers) {
    if (failure === undefined) record.finding(`${operation} went well while the store was away`)
    else if (failure.kind !== 'transient') record.finding(`${operation} failed as ${failure.kind}: ${failure.message}`)
  }
  record.table(
    'storeAnswers',
    ['operation', 'result', 'seconds', 'message'],
    answers.map(({ operation, failure, seconds }) => {
      return [operation, failure === undefined ? 'succeeded' : 'refused', seconds.toFixed(1), wordsOf(failure)]
    }),
  )
}

function wordsOf(failure: Failure | undefined): string {
  return failure === undefined ? '' : `${failure.message} ${failure.hint}`
}

/** The state of alerts lies in the store that is away: the end of a run is told all the same. */
async function hearAlert(scene: DrillScene, { settings }: SiteStore, answers: readonly StoreAnswer[]): Promise<void> {
  const { site, record, signal } = scene
  const failure = answers.find((answer) => answer.operation === 'backup')?.failure
  const listener = await listenToAlerts(site.cluster)
  try {
    if (failure !== undefined) {
      const run = { cluster: site.cluster.name, operation: 'backup' } as const
      await listener.tell(observationsOf(run, failedOutcome('backup', site.cluster.name, failure)), signal, settings)
    }
    const raised = listener.heard.filter(({ type }) => type === 'raise')
    for (const { title } of raised) record.event('alertRaised', title)
    record.measure('alertsRaised', {
      ...{ value: raised.length, unit: 'count' },
      limit: { is: 'at least', value: 1, from: 'drill' },
    })
  } finally {
    await listener.close()
  }
}

interface Listed {
  complete: number
  damaged: number
}

async function listed(scene: DrillScene, { settings }: SiteStore): Promise<Listed> {
  const sets = await setsOf(scene, settings)
  const count = (state: string): number => sets.filter((set) => set.state === state).length
  return { complete: count('complete'), damaged: count('damaged') }
}

/** Of all runs, the last one alone is in the list afterwards. */
async function backUpWhole(scene: DrillScene, store: SiteStore, before: Listed): Promise<void> {
  const { record } = scene
  await publishProven(scene, store.settings)
  const after = await listed(scene, store)
  record.measure('setsPublished', {
    ...{ value: after.complete - before.complete, unit: 'count' },
    limit: { is: 'exactly', value: 1, from: 'drill' },
  })
  record.measure('setsUnwell', {
    ...{ value: after.damaged - before.damaged, unit: 'count' },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
}
