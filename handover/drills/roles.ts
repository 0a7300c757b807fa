import { toFailure } from '../../functions/platform/failure.ts'
import { definedPrimary, definedReplicas, type Site } from '../sites/site.ts'

/** The replica that has received most: the one to promote. */
export async function furthestReplica(site: Site, signal: AbortSignal): Promise<string> {
  const positions = await Promise.all(
    definedReplicas(site).map(async (name) => ({ name, bytes: await receivedBytes(site, name, signal) })),
  )
  const furthest = positions.toSorted((a, b) => (a.bytes < b.bytes ? 1 : a.bytes > b.bytes ? -1 : 0))[0]
  if (furthest !== undefined) return furthest.name
  throw new Error('a drill that promotes a replica was begun without one')
}

const receivedSql = `SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn`

async function receivedBytes(site: Site, node: string, signal: AbortSignal): Promise<bigint> {
  return BigInt(await site.sql(node, receivedSql, { signal }))
}

/**
 * Gives every node the role again that the definition has for it, with no row lost: the node that was promoted hands over in
 * order. Where nothing was promoted, what was stopped is started.
 */
export async function restoreRoles(site: Site, signal: AbortSignal): Promise<void> {
  const original = definedPrimary(site)
  const replicas = definedReplicas(site)
  const acting = await actingPrimaries(site, signal)
  const promoted = acting.find((name) => name !== original)
  if (promoted === undefined) {
    for (const name of [original, ...replicas]) await site.start(name, signal)
    return
  }
  await site.rejoin(original, promoted, signal)
  await site.stop(promoted, signal)
  await site.promote(original, signal)
  for (const name of replicas) await site.rejoin(name, original, signal)
}

async function actingPrimaries(site: Site, signal: AbortSignal): Promise<string[]> {
  const roles = await Promise.all(
    site.nodes.map(async ({ name }) => ({ name, recovering: await isRecovering(site, name, signal) })),
  )
  return roles.filter(({ recovering }) => recovering === 'f').map(({ name }) => name)
}

/** A node that does not answer is none. */
async function isRecovering(site: Site, node: string, signal: AbortSignal): Promise<string> {
  try {
    return await site.sql(node, 'SELECT pg_is_in_recovery()', { signal })
  } catch (error) {
    const failure = toFailure(error, node)
    if (failure.kind === 'bug' || signal.aborted) throw failure
    return failure.message
  }
}

/** Longest that a promotion may take. It is not left half-way: the signal of a drill does not end it. */
const promoteWithinMs = 120_000

/** Promotes a replica; whoever stops the drill waits for that. */
export async function promote(site: Site, node: string): Promise<void> {
  await site.promote(node, AbortSignal.timeout(promoteWithinMs))
}
