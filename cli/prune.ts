import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface Options extends CommonOptions {
  olderThan?: string
  dryRun?: boolean
}

/** `ballast prune`. */
export function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .description(
      'Remove what interrupted runs left: sets without a manifest, and unfinished uploads. Backups are never touched.',
    )
    .option('--older-than <duration>', "leave younger leftovers alone: a run may be at work (default: '2 days')")
    .option('--dry-run', 'only show what would be removed, and why')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast prune --dry-run', 'what would be removed from the store of the definition'],
    ["ballast prune --store s3://backups/pg --older-than '12 hours'", 'without a definition'],
  ])
  command.action((options: Options) => runCommand('prune', options, (context) => prune(options, context)))
}

async function prune(options: Options, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { resolveSets } = await import('./settings/resolve.ts')
  const { sweepLimitSeconds } = await import('./settings/sweep-limit.ts')
  const { openStore } = await import('../functions/platform/object-store/open-store.ts')
  const { refuseWholeBucket, sweep } = await import('../functions/retention/sweep.ts')
  const { sweepOutcome } = await import('./outcomes/sweep-outcome.ts')
  const { sweepText } = await import('./terminal/sweep-text.ts')
  const { definition, store: settings, filter } = await resolveSets(options)
  const olderThanSeconds = sweepLimitSeconds(options.olderThan, definition)
  refuseWholeBucket(settings, filter)
  const dryRun = options.dryRun ?? false
  const store = openStore(settings)
  target(store.location)
  try {
    const result = await sweep(store, { filter, olderThanSeconds, dryRun, signal })
    return {
      outcome: sweepOutcome(store.location, result, dryRun),
      text: sweepText(result, { location: store.location, olderThanSeconds, dryRun }, style),
      asked: dryRun,
    }
  } finally {
    store.close()
  }
}
