import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

/** `ballast list`. */
export function addListCommand(program: Command): void {
  const command = program
    .command('list')
    .description('Show the backup sets: age, size, rows, whether they were proven, and which stores hold a copy.')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast list', 'the sets of the definition in ballast.config.ts, in all of its stores'],
    ['ballast list --store nas', 'what one of them holds'],
    ['ballast list --store s3://backups/pg --database shop', 'the sets of one database, without a definition'],
    ['ballast list --json | jq .details.sets', 'for other programs'],
  ])
  command.action((options: CommonOptions) => runCommand('list', options, (context) => list(options, context)))
}

async function list(options: CommonOptions, { signal, style, target, failed }: CommandContext): Promise<CommandResult> {
  const { loadDefinition } = await import('./settings/definition.ts')
  const { requireStores } = await import('./settings/store-choice.ts')
  const { setFilter } = await import('./settings/scope.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { listStores } = await import('../functions/runtime/list-stores.ts')
  const { storeLocation } = await import('../functions/platform/object-store/location.ts')
  const { listOutcome } = await import('./outcomes/list-outcome.ts')
  const { setsText } = await import('./terminal/sets-text.ts')
  const definition = await loadDefinition(options.config)
  const choices = requireStores(options, definition, process.env)
  target(choices.map(({ settings }) => storeLocation(settings)).join(', '))
  const listings = await listStores(choices, setFilter(options, definition), commandEnvironment(definition), signal)
  // A store that does not answer leaves the others worth seeing; where none does, there is nothing to see.
  const failures = listings.flatMap((listing) => ('failure' in listing ? [listing] : []))
  const [first] = failures
  if (first !== undefined && failures.length === listings.length) throw first.failure
  for (const { name, failure } of failures) failed(name, failure)
  return { outcome: listOutcome(listings), text: setsText(listings, Date.now(), style), asked: true }
}
