import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { FreshnessOptions } from './settings/freshness-limits.ts'

type Options = CommonOptions & FreshnessOptions

/** `ballast check`, and what it checks. */
export function addCheckCommand(program: Command): void {
  const check = program
    .command('check')
    .description('Check what must hold between two runs; the exit code is 1 when it does not.')
  addFreshness(check)
}

function addFreshness(check: Command): void {
  const command = check
    .command('freshness')
    .description('Is there a backup, young enough, proven, as large as usual, with enough copies?')
    .option('--max-age <duration>', "of the newest set (default: the definition's, else '26 hours')")
    .option('--max-verified-age <duration>', "of the newest set that was proven (default: the definition's, else '50 hours')")
    .option(
      '--max-shrink <percent>',
      "how much smaller than usual it may be (default: the definition's, else 30)",
      wholeNumber(1, 100),
    )
    .option('--min-copies <number>', "stores that must hold it (default: the definition's, else 1)", wholeNumber(1, 16))
  addCommonOptions(command)
  addExamples(command, [
    ['ballast check freshness', 'every database and store of the definition'],
    ["ballast check freshness --store s3://backups/pg --max-age '7 hours'", 'every database that the store has sets of'],
    ['ballast check freshness --json || page-somebody', 'from a scheduler of your own'],
  ])
  command.action((options: Options) => runCommand('check freshness', options, (context) => freshness(options, context)))
}

const hint = 'Do what is said for each failed check; `ballast list` shows the sets.'

async function freshness(options: Options, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { freshnessLimits } = await import('./settings/freshness-limits.ts')
  const { checkFreshness } = await import('./freshness/check-freshness.ts')
  const { checksOutcome } = await import('./outcomes/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const definition = await loadDefinition(options.config)
  target('backups')
  const checks = await checkFreshness(options, definition, freshnessLimits(options, definition), signal)
  return { outcome: checksOutcome('check freshness', 'backups', hint, checks), text: checksText(checks, style), asked: true }
}
