import { type Command, Option } from 'commander'
import type { Severity } from '../functions/platform/alerts/observation.ts'
import { addExamples, addOutputOptions } from './options.ts'
import { type CommandContext, type CommandResult, type OutputOptions, runCommand } from './run/run-command.ts'

type TestOptions = OutputOptions & { config?: string; channel?: string; severity?: Severity }

/** `ballast alert`, and what can be done with alerts by hand. */
export function addAlertCommand(program: Command): void {
  const alert = program.command('alert').description('Try out how people are told when something is not well.')
  addTest(alert)
}

function addTest(alert: Command): void {
  const command = alert
    .command('test')
    .description('Send a test message through the channels of the definition, and say which took it.')
    .option('--config <file>', 'definition of the cluster (default: ballast.config.ts)')
    .option('--channel <name>', 'this channel alone')
    .addOption(
      new Option('--severity <severity>', 'the channels of this severity alone; else all, with a warning').choices([
        'critical',
        'warning',
      ]),
    )
  addOutputOptions(command)
  addExamples(command, [
    ['ballast alert test', 'every channel; an incident that it opens says that it is a test'],
    ['ballast alert test --severity critical', 'whoever is told first when it matters, and who after them'],
    ['ballast alert test --channel ops-chat', 'one channel, after its secret was changed'],
  ])
  command.action((options: TestOptions) => runCommand('alert test', options, (context) => sendTests(options, context)))
}

const hint = 'Do what is said for each channel that failed, then run `ballast alert test` again.'

async function sendTests(options: TestOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { chooseChannels } = await import('./settings/channel-choice.ts')
  const { alertSettings } = await import('../functions/runtime/definition/defined-alerts.ts')
  const { sendTest } = await import('../functions/platform/alerts/send-test.ts')
  const { deliveryChecks } = await import('./outcomes/delivery-checks.ts')
  const { checksOutcome } = await import('./outcomes/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const { definition, names } = chooseChannels(options, await loadDefinition(options.config))
  target(definition.name)
  const settings = await alertSettings(definition, process.env)
  const severity = options.severity ?? 'warning'
  const checks = deliveryChecks(await sendTest(settings, names, { severity, nowMs: Date.now(), signal }))
  return { outcome: checksOutcome('alert test', definition.name, hint, checks), text: checksText(checks, style), asked: true }
}
