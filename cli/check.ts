import type { Command } from 'commander'
import {
  addCommonOptions,
  addDefinitionOption,
  addExamples,
  addOutputOptions,
  type CommonOptions,
  type DefinitionOptions,
  wholeNumber,
} from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import type { FreshnessOptions } from './settings/freshness-limits.ts'

type Options = CommonOptions & FreshnessOptions

/** `ballast check`, and what it checks. */
export function addCheckCommand(program: Command): void {
  const check = program
    .command('check')
    .description('Check what must hold between two runs; the exit code is 1 when it does not.')
  addFreshness(check)
  addReplication(check)
  addPool(check)
}

function addFreshness(check: Command): void {
  const command = check
    .command('freshness')
    .description(
      'Is there a backup, young enough, proven, as large as usual, with enough copies? Were restore tests and drills done?',
    )
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

async function freshness(options: Options, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { freshnessHint } = await import('../functions/freshness/scheduled-freshness.ts')
  const { freshnessLimits } = await import('./settings/freshness-limits.ts')
  const { checkFreshness } = await import('./freshness/check-freshness.ts')
  const { checksOutcome } = await import('../functions/platform/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const definition = await loadDefinition(options.config)
  target('backups')
  const checks = await checkFreshness(options, definition, freshnessLimits(options, definition), signal)
  return {
    outcome: checksOutcome('check freshness', 'backups', freshnessHint, checks),
    text: checksText(checks, style),
    asked: true,
  }
}

function addReplication(check: Command): void {
  const command = check
    .command('replication')
    .description('Do the primary, the standbys and the slots of the definition do what they should, within its limits?')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast check replication', 'every server of the definition in ballast.config.ts'],
    ['ballast check replication --json || page-somebody', 'from a scheduler of your own'],
  ])
  command.action((options: DefinitionOptions) =>
    runCommand('check replication', options, (context) => replication(options, context)),
  )
}

async function replication(options: DefinitionOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { requireDefinition } = await import('./settings/definition.ts')
  const { monitorConnections } = await import('../functions/replication/monitor-connections.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { expectedCluster } = await import('../functions/replication/expected.ts')
  const { pollReplication } = await import('../functions/replication/poll.ts')
  const { replicationOutcome } = await import('../functions/replication/replication-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const definition = await requireDefinition(options.config)
  target(definition.name)
  const connections = await monitorConnections(definition, 'server', commandEnvironment(definition))
  const polled = await pollReplication(expectedCluster(definition), connections, undefined, signal)
  return {
    outcome: replicationOutcome('check replication', definition.name, polled),
    text: checksText(polled.checks, style),
    asked: true,
  }
}

function addPool(check: Command): void {
  const command = check
    .command('pool')
    .description('Does PgBouncer answer on every node of the definition, and does nobody wait too long for a connection?')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast check pool', 'every PgBouncer of the definition in ballast.config.ts'],
    ['ballast check pool --config staging.config.ts --json', 'another definition, for a program to read'],
  ])
  command.action((options: DefinitionOptions) => runCommand('check pool', options, (context) => pool(options, context)))
}

async function pool(options: DefinitionOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { requireDefinition } = await import('./settings/definition.ts')
  const { monitorConnections } = await import('../functions/replication/monitor-connections.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { pollPools } = await import('../functions/replication/poll-pools.ts')
  const { checksOutcome } = await import('../functions/platform/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const definition = await requireDefinition(options.config)
  target(definition.name)
  const connections = await monitorConnections(definition, 'pooler', commandEnvironment(definition))
  const checks = await pollPools(connections, definition.replication, signal)
  const toDo = 'Do what is said for each failed check; SHOW POOLS in the console of PgBouncer has the numbers.'
  return { outcome: checksOutcome('check pool', definition.name, toDo, checks), text: checksText(checks, style), asked: true }
}
