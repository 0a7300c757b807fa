import type { RunState } from '../../archive/run-state.ts'
import { toFailure } from '../../platform/failure.ts'
import { one } from '../source.ts'
import { askNode } from './ask-node.ts'
import { primaryNode } from './paused-replica.ts'
import { databaseConnection, type StepContext } from './step-context.ts'

/** A holder has to prove that it lives, and must not wait for another server. */
const withinMs = 3_000

/**
 * Where the primary is, while replay on the source is paused; undefined for every other run, and when the primary does not say: then
 * what the replica itself knows must do.
 */
export async function primaryLsn(context: StepContext, { replayPaused }: RunState): Promise<string | undefined> {
  if (replayPaused === undefined) return undefined
  const { cluster, place, env, note } = context
  try {
    const connection = await databaseConnection(cluster, place.address.database, env)
    const signal = AbortSignal.any([place.signal, AbortSignal.timeout(withinMs)])
    const sql = 'SELECT pg_current_wal_lsn()::text AS lsn'
    return await askNode(
      connection,
      primaryNode(cluster),
      signal,
      async (session) => (await one<{ lsn: string }>(session, sql)).lsn,
    )
  } catch (error) {
    note(`the primary does not say where it is: ${toFailure(error, 'primary').message}`)
    return undefined
  }
}
