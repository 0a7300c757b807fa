import { serverlessOutcome } from '../outcomes/serverless-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { serviceFilesText } from '../terminal/serverless-text.ts'
import { clusterServices } from './rendered-services.ts'
import { serviceFileChanges, writeServiceFiles } from './service-files.ts'

/** Writes serverless.yml and what belongs to it, or checks what is there. */
export async function renderServiceFiles(
  { config, check = false }: { config?: string; check?: boolean },
  { target }: CommandContext,
): Promise<CommandResult> {
  const { cluster, rendered } = await clusterServices(config)
  target(cluster.name)
  const changes = await serviceFileChanges(rendered.files)
  if (!check) await writeServiceFiles(rendered.files, changes)
  const outcome = serverlessOutcome(cluster.name, changes, rendered, check)
  return { outcome, text: serviceFilesText(changes, rendered, check), asked: check }
}
