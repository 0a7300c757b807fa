import type { Cluster } from '../../config/cluster.ts'
import { requireDirectory } from '../../functions/platform/object-store/file/require-directory.ts'
import { storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { namedStore } from '../../functions/runtime/definition/defined-stores.ts'
import { type FiledRehearsal, fileRehearsal, type RehearsalFile } from '../../functions/runtime/rehearsals/file-rehearsal.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import { rehearsalOutcome, rehearsalText } from '../outcomes/rehearsal-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { requireDefinition } from '../settings/definition.ts'
import { commandEnvironment } from '../settings/environment.ts'
import type { RehearseOptions } from './rehearse-options.ts'

/** Files what people did. */
export async function fileRecord(options: RehearseOptions, context: CommandContext): Promise<CommandResult> {
  const { record: rehearsal, by, note, failed = false } = options
  if (rehearsal === undefined || by === undefined || note === undefined) {
    const hint = 'Say it with --by NAME and --note TEXT: a record that nobody answers for is none.'
    throw configFailure('a record says who did it (--by) and what was found (--note)', '--record', hint)
  }
  const cluster = await requireDefinition(options.config)
  context.target(cluster.name)
  const filed = { cluster: cluster.name, rehearsal, result: failed ? 'failed' : 'passed', by, note, atMs: Date.now() } as const
  const place = await fileInStore(cluster, filed, context.signal)
  return { outcome: rehearsalOutcome(filed, place), text: rehearsalText(cluster, filed, place, context.style) }
}

/** Files a rehearsal in the store of the definition, with what goes with it; returns where it is. */
export async function fileInStore(
  cluster: Cluster,
  filed: FiledRehearsal,
  signal: AbortSignal,
  files: readonly RehearsalFile[] = [],
): Promise<string> {
  const choice = namedStore(cluster, cluster.handover.drills.store, 'handover.drills.store')
  const settings = await storeSettings(choice, commandEnvironment(cluster))
  await requireDirectory(settings)
  return await withStore(settings, async (store) => `${store.location}/${await fileRehearsal(store, filed, signal, files)}`)
}
