import { type Command, Option } from 'commander'
import type { Severity } from '../functions/platform/alerts/observation.ts'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

type TestOptions = DefinitionOptions & { channel?: string; severity?: Severity }

type UnitOptions = DefinitionOptions & { name: string }

/** `ballast alert`, and what can be done with alerts by hand. */
export function addAlertCommand(program: Command): void {
  const alert = program.command('alert').description('Try out how people are told, or tell them that a service failed.')
  addTest(alert)
  addUnit(alert)
}

function addUnit(alert: Command): void {
  const command = alert
    .command('unit')
    .description('Tell people that a systemd service failed; the units of `ballast timers` call it.')
    .requiredOption('--name <unit>', 'the service, such as ballast-shop-verify.service')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast alert unit --name ballast-shop-verify.service', 'how it ended is in the MONITOR_ variables of systemd'],
  ])
  command.action((options: UnitOptions) => runCommand('alert unit', options, (context) => tellUnit(options, context)))
}

async function tellUnit({ name, config }: UnitOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { requireDefinition } = await import('./settings/definition.ts')
  const { toldByItself, unitEnd } = await import('../functions/runtime/failed-unit.ts')
  const { tellFailedUnit } = await import('./run/tell-failed-unit.ts')
  const { checksOutcome } = await import('../functions/platform/checks-outcome.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const cluster = await requireDefinition(config)
  target(cluster.name)
  const end = unitEnd(name, process.env)
  const checks = toldByItself(end) ? [] : await tellFailedUnit(cluster, end, signal)
  const nothing = `${name} has told of it itself, or there is nobody to tell or nothing new\n`
  const text = checks.length === 0 ? nothing : checksText(checks, style)
  const fix = 'Do what is said for each channel that failed; `ballast alert test` tries them all.'
  return { outcome: checksOutcome('alert unit', cluster.name, fix, checks), text, asked: true }
}

function addTest(alert: Command): void {
  const command = alert
    .command('test')
    .description('Send a test message through the channels of the definition, and say which took it.')
    .option('--channel <name>', 'this channel alone')
    .addOption(
      new Option('--severity <severity>', 'the channels of this severity alone; else all, with a warning').choices([
        'critical',
        'warning',
      ]),
    )
  addOutputOptions(addDefinitionOption(command))
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
  const { checksOutcome } = await import('../functions/platform/checks-outcome.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { checksText } = await import('./terminal/checks-text.ts')
  const { definition, names } = chooseChannels(options, await loadDefinition(options.config))
  target(definition.name)
  const settings = await alertSettings(definition, commandEnvironment(definition))
  const severity = options.severity ?? 'warning'
  const checks = deliveryChecks(await sendTest(settings, names, { severity, nowMs: Date.now(), signal }))
  return { outcome: checksOutcome('alert test', definition.name, hint, checks), text: checksText(checks, style), asked: true }
}
