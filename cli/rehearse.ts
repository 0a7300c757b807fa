import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Drill as DrillName, drills } from '../config/drills.ts'
import { rehearsals } from '../config/rehearsals.ts'
import { longestName, longestNote } from '../functions/runtime/rehearsals/lengths.ts'
import { resultsDirectory } from '../handover/records/kept-records.ts'
import { addDefinitionOption, addExamples, addOutputOptions } from './options.ts'
import type { RehearseOptions } from './rehearse/rehearse-options.ts'
import { runCommand } from './run/run-command.ts'

/** `ballast rehearse`. */
export function addRehearseCommand(program: Command): void {
  const command = program
    .command('rehearse')
    .description('Cause failures on purpose and measure what comes of them, or file a restore test or a drill that people did.')
    .addOption(
      drillOption('--sandbox', 'on a cluster of its own on loopback, in the place of the machines').conflicts('images'),
    )
    .addOption(drillOption('--images <directory...>', 'on machines made from baked images, one of each role, in their place'))
    .addOption(onlyOption())
    .addOption(drillOption('--yes', 'do not ask before the machines of the definition are loaded or broken'))
    .addOption(drillOption('--yes-break-it', 'also where the definition says environment: production'))
    .addOption(drillOption('--results <dir>', 'where the record of each drill is kept').default(resultsDirectory))
    .addOption(drillOption('--file', 'file how it went in the store of handover.drills, as a drill that was done'))
    .addOption(new Option('--record <what>', 'run nothing, and file what people did').choices(rehearsals))
    .option('--by <name>', 'with --record: who did it', textOfAtMost(longestName))
    .option('--note <text>', 'with --record: from which copy, how long it took, what was found', textOfAtMost(longestNote))
    .option('--failed', 'with --record: it did not go well: an alarm until one does')
  addOutputOptions(addDefinitionOption(command))
  addExamples(command, [
    ['ballast rehearse --sandbox', 'every drill on a cluster of its own: nothing of yours is touched'],
    ['ballast rehearse --sandbox --only failover --only rejoin', 'two of them'],
    ['sudo ballast rehearse --images images/*/', 'on the baked images, as `ballast images test` boots them'],
    ['ballast rehearse --sandbox --file', 'what a schedule runs, so that it is known when it was done last'],
    [
      "ballast rehearse --record restore-test --by 'Ana Souza' --note 'shop from nas: 41 min'",
      'a backup was restored by hand into a new server, and looked at',
    ],
    ["ballast rehearse --record drill --by 'Rui Lima' --note 'no alert of db-3' --failed", 'what must be done again'],
  ])
  command.action((options: RehearseOptions) =>
    runCommand('rehearse', options, async (context) => {
      const { fileRecord } = await import('./rehearse/file-record.ts')
      const { runDrills } = await import('./rehearse/run-drills.ts')
      return options.record === undefined ? await runDrills(options, context) : await fileRecord(options, context)
    }),
  )
}

/** An option that says something about running drills. */
function drillOption(flags: string, description: string): Option {
  return new Option(flags, description).conflicts('record')
}

function onlyOption(): Option {
  const collect = (value: string, earlier: DrillName[]): DrillName[] => {
    const name = drills.find((one) => one === value)
    if (name === undefined) throw new InvalidArgumentError(`It is one of ${drills.join(', ')}.`)
    return [...earlier, name]
  }
  const option = drillOption('--only <drill>', `run this drill alone; may be given several times: ${drills.join(', ')}`)
  return option.argParser(collect).default([], 'all of them')
}

function textOfAtMost(most: number): (text: string) => string {
  return (text) => {
    const trimmed = text.trim()
    if (trimmed === '' || trimmed.length > most) throw new InvalidArgumentError(`It is a text of 1 to ${most} characters.`)
    return trimmed
  }
}
