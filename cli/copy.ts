import { type Command, Option } from 'commander'
import { addCommonOptions, addExamples, providers, repeatable, type ScopeOptions, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, type OutputOptions, runCommand } from './run/run-command.ts'
import type { CopyStoreOptions } from './settings/copy-targets.ts'
import type { CopyWindowOptions } from './settings/copy-window.ts'

type Options = OutputOptions & ScopeOptions & CopyStoreOptions & CopyWindowOptions & { dryRun?: boolean }

/** `ballast copy`. */
export function addCopyCommand(program: Command): void {
  const command = program
    .command('copy')
    .argument('[set]', "a set's name, latest, or latest-verified (default: every set that a target lacks)")
    .description('Copy backup sets to further stores, read every object back, and keep the proof beside the copy.')
    .addOption(repeatable('--to <store>', "a store's name or URL (repeatable; default: backup.copies.to)").default([], ''))
    .option('--from <store>', "copy from this store's name or URL (default: --store, else the definition's first)")
    .option('--last <number>', 'only the newest sets of each database', wholeNumber(1, 100_000))
    .option('--since <duration>', "only sets begun within, such as '7 days' (default: what retention keeps)")
    .option('--dry-run', 'only show what would be copied, and why')
    .option('--to-endpoint <url>', 'S3 endpoint of targets named by a URL (default: AWS_ENDPOINT_URL_S3)')
    .option('--to-region <name>', 'their region (default: AWS_REGION)')
    .addOption(new Option('--to-provider <name>', 'whose S3 they are (default: by the endpoint)').choices(providers))
    .option('--to-profile <name>', 'profile of the AWS configuration with their credentials')
    .addOption(
      repeatable('--to-age-recipient <recipient>', 'encrypt what is plain to this age recipient (repeatable)').default([], ''),
    )
  addCommonOptions(command)
  addExamples(command, [
    ['ballast copy', "bring every copy of the definition up to date; what is there and proven isn't sent again"],
    ['ballast copy latest-verified --to nas', 'one set to one store, read back again even if it is there'],
    ['ballast copy --store s3://backups/pg --to file:///mnt/nas/pg --last 7', 'without a definition'],
    ['ballast copy 2026-11-22T060000Z-daily --from nas --to main', 'back, when the first store has lost it'],
  ])
  command.action((set: string | undefined, options: Options) =>
    runCommand('copy', options, (context) => copy(set, options, context)),
  )
}

async function copy(set: string | undefined, options: Options, context: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { copySource, copyTargets } = await import('./settings/copy-targets.ts')
  const { storeSettings } = await import('../functions/runtime/definition/defined-store.ts')
  const { storeLocation } = await import('../functions/platform/object-store/location.ts')
  const { copySets } = await import('../functions/copies/copy.ts')
  const { chooseCopies } = await import('./settings/copy-choice.ts')
  const { copyOutcome } = await import('../functions/copies/copy-outcome.ts')
  const { copyText } = await import('./terminal/copy-text.ts')
  const startedMs = Date.now()
  const definition = await loadDefinition(options.config)
  const env = commandEnvironment(definition)
  const choice = copySource(options, definition, env)
  const targets = copyTargets(options, choice, definition, env)
  const source = await storeSettings(choice, env)
  const location = storeLocation(source)
  context.target(location)
  const dryRun = options.dryRun ?? false
  const results = await copySets({
    ...{ source, targets, dryRun, signal: context.signal },
    ...(await chooseCopies(set, options, { definition, source, signal: context.signal })),
    onBegin: (target, address) => context.progress.begin(`copy ${address.database} ${address.set} to ${target}`),
    onProgress: ({ phase, ...bytes }) => context.progress.update({ phase, ...bytes }),
    onFailed: (target, failure, address) => context.failed([target, address?.set].filter(Boolean).join(' '), failure),
  })
  const seconds = (Date.now() - startedMs) / 1000
  return {
    outcome: copyOutcome(location, results, dryRun, seconds),
    text: copyText(location, results, seconds, context.style),
    asked: dryRun,
  }
}
