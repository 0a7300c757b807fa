import { bundleFunctions } from '../../serverless/bundle.ts'
import { buildDirectory } from '../../serverless/function-section.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { clusterServices } from './rendered-services.ts'
import { serviceFileChanges } from './service-files.ts'

/** Makes the bundles; refuses while serverless.yml is not what the definition makes. */
export async function makeBundles({ config }: { config?: string }, { target }: CommandContext): Promise<CommandResult> {
  const { cluster, rendered } = await clusterServices(config)
  target(cluster.name)
  const stale = (await serviceFileChanges(rendered.files)).filter(({ change }) => change !== 'same')
  if (stale.length > 0) {
    const names = stale.map(({ path }) => path).join(', ')
    throw configFailure(
      `${names} is not what the definition makes`,
      names,
      'Run `ballast serverless render`, and look at what it changed.',
    )
  }
  const functions = await bundleFunctions(cluster, process.cwd())
  const names = functions.map(({ operation }) => operation)
  return {
    outcome: {
      ...{ operation: 'serverless bundle', subject: cluster.name, ok: true },
      numbers: { functions: names.length },
      details: { directory: buildDirectory, functions: names },
    },
    text: `${buildDirectory}/: ${names.join(', ')}\n`,
  }
}
