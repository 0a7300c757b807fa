import { combineOutcomes } from '../../functions/platform/combine-outcomes.ts'
import { requireDirectory } from '../../functions/platform/object-store/file/require-directory.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { failedOutcome, type Outcome } from '../../functions/platform/outcome.ts'
import { pruneOutcome } from '../../functions/retention/prune-outcome.ts'
import { pruneStore, type StorePruning } from '../../functions/retention/prune-store.ts'
import { refuseWholeBucket } from '../../functions/retention/sweep.ts'
import { type StoreChoice, storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { pruneText } from '../terminal/prune-text.ts'
import { asFailure } from './as-failure.ts'
import type { CommandContext, CommandResult } from './run-command.ts'

/** What to prune, and by which rules. */
export interface PruneJob extends Omit<StorePruning, 'signal'> {
  stores: readonly StoreChoice[]
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
  { env, ...pruning }: Omit<PruneJob, 'stores'>,
  { signal, style, failed, target }: CommandContext,
): Promise<{ outcome: Outcome; text: string }> {
  const location = storeLocation(choice.settings)
  target(location)
  try {
    refuseWholeBucket(choice.settings, pruning.filter)
    const settings = await storeSettings(choice, env)
    if (choice.name !== undefined) await requireDirectory(settings)
    const { pruned, swept } = await pruneStore(settings, { ...pruning, signal })
    const { olderThanSeconds, dryRun } = pruning
    const text = pruneText(pruned, swept, { location, olderThanSeconds, dryRun }, style)
    return { outcome: pruneOutcome(location, pruned, swept, dryRun), text }
  } catch (error) {
    const failure = asFailure(error, location)
    failed(location, failure)
    return { outcome: failedOutcome('prune', location, failure), text: '' }
  }
}
