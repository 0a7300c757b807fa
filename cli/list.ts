import type { Command } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

/** `ballast list`. */
export function addListCommand(program: Command): void {
  const command = program
    .command('list')
    .description('Show the backup sets of a store: age, size, rows, and whether they were proven.')
  addCommonOptions(command)
  addExamples(command, [
    ['ballast list', 'the sets of the definition in ballast.config.ts'],
    ['ballast list --store s3://backups/pg --database shop', 'the sets of one database, without a definition'],
    ['ballast list --json | jq .details.sets', 'for other programs'],
  ])
  command.action((options: CommonOptions) => runCommand('list', options, (context) => list(options, context)))
}

async function list(options: CommonOptions, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { resolveSets } = await import('./settings/resolve.ts')
  const { store: settings, filter } = await resolveSets(options)
  const { withStore } = await import('../functions/runtime/with-store.ts')
  const { listSets } = await import('../functions/archive/catalogue.ts')
  const { listOutcome } = await import('./outcomes/list-outcome.ts')
  const { setsText } = await import('./terminal/sets-text.ts')
  return await withStore(settings, async (store, readStart) => {
    target(store.location)
    const sets = await listSets(store, filter, { readStart, signal })
    return {
      outcome: listOutcome(store.location, sets),
      text: setsText(sets, store.location, Date.now(), style),
      asked: true,
    }
  })
}
