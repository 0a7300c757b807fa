import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Rehearsal, rehearsals } from '../config/rehearsals.ts'
import { longestName, longestNote } from '../functions/runtime/rehearsals/lengths.ts'
import { addDefinitionOption, addExamples, addOutputOptions, type DefinitionOptions } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface Options extends DefinitionOptions {
  record: Rehearsal
  by: string
  note: string
  failed?: boolean
}

/** `ballast rehearse`. */
export function addRehearseCommand(program: Command): void {
  const command = program
    .command('rehearse')
    .description('File the record of a restore test or a drill that people did, as the schedule in the definition asks for it.')
    .addOption(new Option('--record <what>', 'what was done').choices(rehearsals).makeOptionMandatory())
    .requiredOption('--by <name>', 'who did it', textOfAtMost(longestName))
    .requiredOption('--note <text>', 'from which copy, how long it took, what was found', textOfAtMost(longestNote))
    .option('--failed', 'it did not go well: an alarm until one does')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    [
      "ballast rehearse --record restore-test --by 'Ana Souza' --note 'shop from nas: 41 min'",
      'a backup was restored by hand into a new server, and looked at',
    ],
    ["ballast rehearse --record drill --by 'Rui Lima' --note 'no alert of db-3' --failed", 'what must be done again'],
  ])
  command.action((options: Options) => runCommand('rehearse', options, (context) => fileRecord(options, context)))
}

async function fileRecord(options: Options, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { requireDefinition } = await import('./settings/definition.ts')
  const { commandEnvironment } = await import('./settings/environment.ts')
  const { namedStore } = await import('../functions/runtime/definition/defined-stores.ts')
  const { storeSettings } = await import('../functions/runtime/definition/defined-store.ts')
  const { requireDirectory } = await import('../functions/platform/object-store/file/require-directory.ts')
  const { withStore } = await import('../functions/runtime/with-store.ts')
  const { fileRehearsal } = await import('../functions/runtime/rehearsals/file-rehearsal.ts')
  const { rehearsalOutcome, rehearsalText } = await import('./outcomes/rehearsal-outcome.ts')
  const cluster = await requireDefinition(options.config)
  target(cluster.name)
  const choice = namedStore(cluster, cluster.handover.drills.store, 'handover.drills.store')
  const settings = await storeSettings(choice, commandEnvironment(cluster))
  await requireDirectory(settings)
  const { record: rehearsal, by, note, failed = false } = options
  const filed = { cluster: cluster.name, rehearsal, result: failed ? 'failed' : 'passed', by, note, atMs: Date.now() } as const
  const place = await withStore(settings, async (store) => `${store.location}/${await fileRehearsal(store, filed, signal)}`)
  return { outcome: rehearsalOutcome(filed, place), text: rehearsalText(cluster, filed, place, style) }
}

function textOfAtMost(most: number): (text: string) => string {
  return (text) => {
    const trimmed = text.trim()
    if (trimmed === '' || trimmed.length > most) throw new InvalidArgumentError(`It is a text of 1 to ${most} characters.`)
    return trimmed
  }
}
