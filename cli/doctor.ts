import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { DatabaseOptions } from './settings/connection-choice.ts'

type Options = CommonOptions & DatabaseOptions

/** `ballast doctor`. */
export function addDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('Check tools, connections, stores and disk before they are needed, and say what to do.')
    .option('--url <url>', 'a database to check (default: those of the definition, else DATABASE_URL or PG* variables)')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast doctor', 'everything that the definition in ballast.config.ts names'],
    ['ballast doctor --url "$URL" --store s3://backups/pg', 'one database and one store, without a definition'],
  ])
  command.action((options: Options) => runCommand('doctor', options, (context) => doctor(options, context)))
}

const hint = 'Do what is said for each failed check, then run `ballast doctor` again.'

async function doctor(options: Options, { signal, style }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { runChecks } = await import('./doctor/run-checks.ts')
  const { checksOutcome } = await import('../functions/platform/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const checks = await runChecks(options, await loadDefinition(options.config), signal)
  return { outcome: checksOutcome('doctor', 'set-up', hint, checks), text: checksText(checks, style), asked: true }
}
