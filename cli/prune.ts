import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { KeepOptions } from './settings/retention-policy.ts'

interface Options extends CommonOptions, KeepOptions {
  olderThan?: string
  dryRun?: boolean
}

const count = wholeNumber(0, 10_000)

/** `ballast prune`. */
export function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .description(
      'Delete the backups that the retention policy does not keep, and what interrupted runs left, in every store of the definition or in one. Without a policy backups are not touched; the last verified ones of a store never are.',
    )
    .option('--keep-last <number>', 'keep the newest sets', count)
    .option('--keep-hourly <number>', 'keep the newest set of each of that many hours', count)
    .option('--keep-daily <number>', 'keep the newest set of each of that many days', count)
    .option('--keep-weekly <number>', 'keep the newest set of each of that many weeks', count)
    .option('--keep-monthly <number>', 'keep the newest set of each of that many months', count)
    .option('--keep-yearly <number>', 'keep the newest set of each of that many years', count)
    .option('--keep-within <duration>', "keep what is younger than the newest set by less than this, such as '30 days'")
    .option('--floor <number>', 'verified sets of each database that are never deleted (default: 3)', wholeNumber(1, 1000))
    .option('--time-zone <name>', "whose days and weeks they are (default: the definition's, else UTC)")
    .option('--older-than <duration>', "leave younger leftovers alone: a run may be at work (default: '2 days')")
    .option('--dry-run', 'only show what would be deleted and kept, and why')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast prune --dry-run', 'what the policy would delete in each store of the definition, with the reasons'],
    [
      "ballast prune --store s3://backups/pg --keep-within '7 days' --keep-weekly 8 --keep-monthly 12",
      'without a definition; the rules are named and counted as restic does',
    ],
    ["ballast prune --store s3://backups/pg --older-than '12 hours'", 'only what interrupted runs left'],
  ])
  command.action((options: Options) => runCommand('prune', options, (context) => runPrune(options, context)))
}

async function runPrune(options: Options, context: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { requireStores } = await import('./settings/store-choice.ts')
  const { setFilter } = await import('./settings/scope.ts')
  const { retentionPolicy } = await import('./settings/retention-policy.ts')
  const { sweepLimitSeconds } = await import('./settings/sweep-limit.ts')
  const { pruneStores } = await import('./run/prune-stores.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const definition = await loadDefinition(options.config)
  const job = {
    stores: requireStores(options, definition, process.env),
    filter: setFilter(options, definition),
    policy: retentionPolicy(options, definition),
    olderThanSeconds: sweepLimitSeconds(options.olderThan, definition),
    dryRun: options.dryRun ?? false,
    env: commandEnvironment(definition),
  }
  return await pruneStores(job, context)
}
