import { type Command, Option } from 'commander'
import { addCommonOptions, addExamples, type CommonOptions, wholeNumber } from './options.ts'
import { type CommandContext, type CommandResult, runCommand } from './run/run-command.ts'

interface Options extends CommonOptions {
  days: number
  tier: 'Expedited' | 'Standard' | 'Bulk'
}

const defaultDays = 7

/** `ballast thaw`. */
export function addThawCommand(program: Command): void {
  const command = program
    .command('thaw')
    .argument('<set>', "a set's name, latest, or latest-verified")
    .description(
      'Make an archived set readable (GLACIER, DEEP_ARCHIVE), so that it can be restored; run it again to see how far it is.',
    )
    .option('--days <number>', 'how long it stays readable', wholeNumber(1, 365), defaultDays)
    .addOption(
      new Option('--tier <name>', 'how fast, and at what price').choices(['Expedited', 'Standard', 'Bulk']).default('Standard'),
    )
  addCommonOptions(command)
  addExamples(command, [
    ['ballast thaw 2026-05-22T060000Z-daily', 'ask for a set of the definition, for a week'],
    ['ballast thaw 2026-05-22T060000Z-daily --store far --tier Bulk', 'a copy, at the lowest price'],
  ])
  command.action((set: string, options: Options) => runCommand('thaw', options, (context) => thaw(set, options, context)))
}

async function thaw(set: string, options: Options, { signal, style, target }: CommandContext): Promise<CommandResult> {
  const { resolveSet } = await import('./settings/resolve.ts')
  const { withStore } = await import('../functions/runtime/with-store.ts')
  const { thawSet } = await import('../functions/restore/thaw.ts')
  const { thawOutcome, thawText } = await import('./outcomes/thaw-outcome.ts')
  const { store: settings, address } = await resolveSet(set, options, signal)
  target(`${address.cluster}/${address.database} ${address.set}`)
  const { days, tier } = options
  const result = await withStore(settings, (store) => thawSet(store, address, { days, tier, signal }))
  return { outcome: thawOutcome(address, result), text: thawText(address, result, options, style), asked: true }
}
