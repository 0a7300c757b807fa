import type { Cluster } from '../../config/cluster.ts'
import { definitionHash } from '../../config/hash.ts'
import { ballastVersion } from '../../functions/archive/version.ts'
import { workingCommit } from '../../functions/images/working-commit.ts'
import { toFailure } from '../../functions/platform/failure.ts'
import type { DrillRecord } from './drill-record.ts'
import { recordFormat } from './run-facts.ts'

/** What all records of one run of a command say alike. */
export type RunOrigin = Pick<DrillRecord, 'format' | 'cluster' | 'definition' | 'commit' | 'ballast' | 'on'>

/**
 * What is tested, by which definition, and by what.
 *
 * @param directory where the definition's file lies.
 */
export async function runOrigin(
  definition: Cluster,
  on: RunOrigin['on'],
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<RunOrigin> {
  const commit = await workingCommit(directory, env).catch((error: unknown) => {
    // It may lie in no repository, or on a machine without git.
    if (toFailure(error, directory).kind !== 'config') throw error
    return undefined
  })
  const facts = { format: recordFormat, cluster: definition.name, definition: definitionHash(definition), on } as const
  return { ...facts, ballast: ballastVersion, ...(commit !== undefined && { commit }) }
}
