import type { Cluster } from '../../config/cluster.ts'
import { fanOutWorkers } from '../../config/fan-out.ts'
import { recentSummaries } from '../../functions/archive/recent-sets.ts'
import { definedTuning } from '../../functions/backup/backup-tuning.ts'
import { findFannedOut, type MeasuredRates, measureRates } from '../../functions/backup/scale/measured-rates.ts'
import { ratesLookedAt } from '../../functions/backup/time-estimate.ts'
import { Failure, toFailure } from '../../functions/platform/failure.ts'
import { storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import type { CommandContext } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { clusterName } from '../settings/scope.ts'
import { chooseStore } from '../settings/store-choice.ts'
import type { PlanOptions } from './plan-options.ts'

/** Rates of earlier sets, and in words where they come from, or why there are none. */
export interface KnownRates {
  measured?: MeasuredRates
  from: string
}

const databasesOf = ({ databases }: Cluster): string[] => databases.flatMap(({ name, backup }) => (backup ? [name] : []))
/** A plan is made without the store where that does not answer. */
const askWithinMs = 10_000

/**
 * Looks into the store, as a backup does before it begins. Of several databases the one counts whose rate is best. A store that was
 * named must answer; the definition's need not.
 */
export async function knownRates(
  options: PlanOptions,
  definition: Cluster | undefined,
  { signal, note }: Pick<CommandContext, 'signal' | 'note'>,
): Promise<KnownRates> {
  if (options.store === undefined && definition === undefined) return { from: 'assumed: no store was named' }
  const databases = options.database === undefined ? definition && databasesOf(definition) : [options.database]
  if (databases === undefined) {
    const hint = 'Name the database whose sets tell how fast it is.'
    throw configFailure('--store is given without --database, and there is no definition', '--database', hint)
  }
  const choice = chooseStore(options, definition, process.env)
  const { name = options.store } = choice
  const time = AbortSignal.timeout(askWithinMs)
  try {
    const settings = await storeSettings(choice, commandEnvironment(definition))
    const within = AbortSignal.any([signal, time])
    const found = await ratesOf(settings, { cluster: clusterName(options, definition), databases }, definition, within)
    if (found === undefined) return { from: `assumed: the store ${name} has no sets to go by` }
    const { measured, database } = found
    const { sets, connections } = measured
    return { measured, from: `measured: the best of ${sets} sets of ${database} in ${name}, by ${connections} connections` }
  } catch (thrown) {
    const error = time.aborted && !signal.aborted ? noAnswer(name ?? 'store') : thrown
    if (options.store !== undefined || signal.aborted) throw error
    note(`The definition's store does not say how fast its sets were made: ${toFailure(error, 'store').message}`)
    return { from: 'assumed: the store could not be asked' }
  }
}

function noAnswer(store: string): Failure {
  return new Failure(`the store ${store} did not say within ${askWithinMs / 1000} s how fast its sets were made`, {
    ...{ kind: 'transient', subject: store },
    hint: 'Plan without --store, with --rate and --stored, or try again.',
  })
}

async function ratesOf(
  settings: Awaited<ReturnType<typeof storeSettings>>,
  { cluster, databases }: { cluster: string; databases: readonly string[] },
  definition: Cluster | undefined,
  signal: AbortSignal,
): Promise<{ measured: MeasuredRates; database: string } | undefined> {
  const one = definedTuning(definition).workers
  const connections = { one, fannedOut: definition === undefined ? one : fanOutWorkers(definition.backup) }
  return await withStore(settings, async (store, readStart) => {
    let best: { measured: MeasuredRates; database: string } | undefined
    for (const database of databases) {
      const place = { cluster, database }
      const sets = await recentSummaries(store, readStart, place, ratesLookedAt, signal)
      const measured = measureRates(sets, await findFannedOut(store, place, sets, signal), connections)
      if (measured === undefined) continue
      if (best === undefined || measured.copyBytesPerSecond > best.measured.copyBytesPerSecond) best = { measured, database }
    }
    return best
  })
}
