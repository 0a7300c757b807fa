import type { SetFilter } from '../../functions/archive/catalogue-scan.ts'
import { combineOutcomes } from '../../functions/platform/combine-outcomes.ts'
import { requireDirectory } from '../../functions/platform/object-store/file/require-directory.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'
import type { RetentionPolicy } from '../../functions/retention/policy.ts'
import { prune } from '../../functions/retention/prune.ts'
import { pruneOutcome } from '../../functions/retention/prune-outcome.ts'
import { refuseWholeBucket, sweep } from '../../functions/retention/sweep.ts'
import { type StoreChoice, storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import { pruneText } from '../terminal/prune-text.ts'
import { asFailure } from './as-failure.ts'
import type { CommandContext, CommandResult } from './run-command.ts'

/** What to prune, and by which rules. */
export interface PruneJob {
  stores: readonly StoreChoice[]
  filter: SetFilter
  /** Without one only leftovers are removed. */
  policy: RetentionPolicy | undefined
  olderThanSeconds: number
  dryRun: boolean
  /** Where secrets are looked up. */
  env: NodeJS.ProcessEnv
}

/** Prunes each store by itself: what one of them holds is no reason to delete anything in another. */
export async function pruneStores({ stores, ...job }: PruneJob, context: CommandContext): Promise<CommandResult> {
  const outcomes: Outcome[] = []
  const texts: string[] = []
  const headed = stores.length > 1
  for (const choice of stores) {
    if (context.signal.aborted && outcomes.length > 0) break
    const { outcome, text } = await pruneOne(choice, job, context)
    outcomes.push(outcome)
    texts.push(headed ? `${context.style.bold(choice.name ?? outcome.subject)}\n${text}` : text)
  }
  const subject = stores.map(({ settings }) => storeLocation(settings)).join(', ')
  return { outcome: combineOutcomes('prune', subject, outcomes, 'stores'), text: texts.join('\n'), asked: job.dryRun }
}

async function pruneOne(
  choice: StoreChoice,
  { filter, policy, olderThanSeconds, dryRun, env }: Omit<PruneJob, 'stores'>,
  { signal, style, failed, target }: CommandContext,
): Promise<{ outcome: Outcome; text: string }> {
  const location = storeLocation(choice.settings)
  target(location)
  try {
    refuseWholeBucket(choice.settings, filter)
    const settings = await storeSettings(choice, env)
    if (choice.name !== undefined) await requireDirectory(settings)
    return await withStore(settings, async (store, readStart) => {
      const shared = { filter, dryRun, signal }
      const pruned = policy && (await prune(store, { ...shared, policy, readStart }))
      const swept = await sweep(store, { ...shared, olderThanSeconds })
      const text = pruneText(pruned, swept, { location, olderThanSeconds, dryRun }, style)
      return { outcome: pruneOutcome(location, pruned, swept, dryRun), text }
    })
  } catch (error) {
    const failure = asFailure(error, location)
    failed(location, failure)
    const outcome = failedOutcome('prune', location, failure)
    return { outcome: { ...outcome, details: { failedOn: failure.subject } }, text: '' }
  }
}
