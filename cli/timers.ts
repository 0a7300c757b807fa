import type { Command } from 'commander'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface RenderOptions extends DefinitionOptions {
  out?: string
  check?: boolean
}

interface InstallOptions extends DefinitionOptions {
  root?: string
  dryRun?: boolean
}

/** `ballast timers`, and what can be done with them. */
export function addTimersCommand(program: Command): void {
  const timers = program.command('timers').description("Run the definition's timetable on this machine, by systemd timers.")
  addRender(timers)
  addInstall(timers)
  addStatus(timers)
}

function addRender(timers: Command): void {
  const command = timers
    .command('render')
    .description('Print the systemd units that the definition makes, or write them below a directory.')
    .option('--out <directory>', 'write them there, as below / on a machine, and remove stale ones')
    .option('--check', 'with --out: write nothing, and exit with 1 when something there is not as rendered')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast timers render', 'every unit, to read'],
    ['ballast timers render --out build/timers --check', 'are the committed units those of the definition?'],
  ])
  command.action((options: RenderOptions) => runCommand('timers render', options, (context) => render(options, context)))
}

function addInstall(timers: Command): void {
  const command = timers
    .command('install')
    .description('Install and start the timers: system user, directories, units; remove those of entries that are gone.')
    .option('--root <directory>', 'into the tree of another machine, such as an image; nothing is started')
    .option('--dry-run', 'only show what would be written and removed')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['sudo ballast timers install --config /etc/ballast/cluster.json', 'on this machine; safe to repeat'],
    ['ballast timers install --dry-run', 'what it would change'],
  ])
  command.action((options: InstallOptions) => runCommand('timers install', options, (context) => install(options, context)))
}

function addStatus(timers: Command): void {
  const command = timers
    .command('status')
    .description('Show each timer: active or not, last run and its result, next run; the exit code is 1 when one is not well.')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast timers status', 'the timers of the definition'],
    ['ballast timers status --json | jq .details.timers', 'for other programs'],
  ])
  command.action((options: DefinitionOptions) => runCommand('timers status', options, (context) => status(options, context)))
}

async function render(options: RenderOptions, context: CommandContext): Promise<CommandResult> {
  const { renderFiles } = await import('./timers/render-files.ts')
  return await renderFiles(options, context)
}

async function install(options: InstallOptions, context: CommandContext): Promise<CommandResult> {
  const { installTimers } = await import('./timers/install-command.ts')
  return await installTimers(options, context)
}

async function status({ config }: DefinitionOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { timetableFiles } = await import('./timers/timetable-files.ts')
  const { unitsOf } = await import('./timers/install-timers.ts')
  const { requireSystemd, showTimers } = await import('./timers/systemd.ts')
  const { timersOutcome } = await import('./outcomes/timers-outcome.ts')
  const { leftOutText, timersText } = await import('./terminal/timers-text.ts')
  const files = await timetableFiles(config)
  const { cluster, rendered } = files
  target(cluster.name)
  requireSystemd()
  const states = await showTimers(unitsOf(files), signal)
  const text = timersText(states, cluster.timeZone, Date.now(), style) + leftOutText(rendered.leftOut)
  return { outcome: timersOutcome(cluster.name, states), text, asked: true }
}
