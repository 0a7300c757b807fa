import type { Command } from 'commander'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'
import { runnableNames } from './run-operation/operations.ts'

interface Options extends DefinitionOptions {
  slot?: string
  due?: string
  timeLimit?: string
}

/** `ballast run`. */
export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .argument('<operation>', `${runnableNames.slice(0, -1).join(', ')} or ${runnableNames.at(-1)}`)
    .description(
      'Do what the schedule would do now: once, however often it is started, with lease, alerts and heartbeat. What timers and functions run.',
    )
    .option('--slot <name>', 'the line of backup.schedule; needed where there are several')
    .option('--due <instant>', "the schedule's instant to do, such as 2026-11-25T06:00Z (default: the latest)")
    .option('--time-limit <duration>', "when it will be killed, such as '15 min'; it stops in time, or does not start")
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast run backup --slot daily', 'the latest daily backup of every database, unless it is there already'],
    ['ballast run verify --json', 'prove the newest set of every database, with the outcome for other programs'],
    ["ballast run backup --slot daily --due 2026-11-25T06:00Z --time-limit '15 min'", 'one that was missed'],
  ])
  command.action((operation: string, options: Options) =>
    runCommand('run', options, (context) => runOperation(operation, options, context)),
  )
}

async function runOperation(name: string, options: Options, context: CommandContext): Promise<CommandResult> {
  const { requireDefinition } = await import('./settings/definition.ts')
  const { durationSeconds } = await import('./settings/backup-options.ts')
  const { isRunnable, operations } = await import('./run-operation/operations.ts')
  const { dueInstant, scheduleLine } = await import('./run-operation/due-instant.ts')
  const { notRunnable } = await import('./run-operation/refusals.ts')
  const { attend } = await import('../functions/runtime/attend/attend.ts')
  const { checksOf } = await import('../functions/platform/checks-outcome.ts')
  const { failureOf, partsOf } = await import('./run-operation/outcome-parts.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const { outcomeText } = await import('./terminal/outcome-text.ts')
  const nowMs = Date.now()
  if (!isRunnable(name)) throw notRunnable(name)
  const cluster = await requireDefinition(options.config)
  const line = scheduleLine(cluster, { operation: name, slot: options.slot })
  const dueMs = dueInstant(line, cluster.timeZone, options.due, nowMs)
  const limitSeconds = options.timeLimit === undefined ? undefined : durationSeconds('--time-limit', options.timeLimit)
  context.target([cluster.name, line.slot].filter((part) => part !== undefined).join('/'))
  const outcome = await attend(name, await operations[name](), {
    ...{ cluster, dueMs, env: process.env, signal: context.signal, note: context.note },
    ...(line.slot === undefined ? {} : { slot: line.slot }),
    ...(limitSeconds === undefined ? {} : { deadlineMs: nowMs + limitSeconds * 1000 }),
  })
  const parts = partsOf(outcome)
  const failed = parts.filter(({ ok }) => !ok)
  // Each may have gone well, and nobody have heard of what they found.
  for (const part of failed.length === 0 && !outcome.ok ? [outcome] : failed) {
    const failure = failureOf(part)
    if (failure !== undefined) context.failed(part.subject, failure)
  }
  const checks = checksOf(outcome)
  return { outcome, text: checks.length > 0 ? checksText(checks, context.style) : outcomeText(parts, context.style) }
}
