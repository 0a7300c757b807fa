import { statfs } from 'node:fs/promises'
import type { CompleteSet } from '../../archive/catalogue.ts'
import { parseEvidence } from '../../archive/evidence.ts'
import { type SetAddress, setPrefix } from '../../archive/keys.ts'
import { readManifest, readObject } from '../../archive/read-set.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { Outcome } from '../../platform/outcome.ts'
import type { ScheduledRun } from '../../runtime/scheduled.ts'
import { startNamed } from '../../runtime/start-named.ts'
import { isUnreadable } from '../damage.ts'
import { neededBytes } from '../scratch-space.ts'
import { scratchParent } from '../workplace.ts'
import { type MeasuredVerification, measuredBy, tooLargeBecause } from './verify-estimate.ts'

/** So many verifications are looked at. */
const ratesLookedAt = 5

/** The sets of a database, newest last, the last one of which is to be verified. */
export interface SetsToVerify {
  store: ObjectStore
  address: SetAddress
  sets: readonly CompleteSet[]
  secondsLeft: number
  signal: AbortSignal
}

/** Why one call cannot verify a set, in words; undefined when it can. A process without an end to its time always can. */
export async function whyTooLarge(
  { cluster, env, deadlineMs, handOver }: ScheduledRun,
  { store, address, sets, secondsLeft, signal }: SetsToVerify,
): Promise<string | undefined> {
  if (deadlineMs === undefined) return undefined
  const manifest = await readManifest(store, address, signal)
  const scratch = cluster.backup.verify.into === undefined ? await statfs(scratchParent(env)) : undefined
  const disk = scratch && { neededBytes: neededBytes(manifest), freeBytes: scratch.bavail * scratch.bsize }
  const measured: MeasuredVerification[] = []
  for (const { address: verified, proofFile, summary } of sets.toReversed()) {
    if (measured.length >= ratesLookedAt) break
    if (proofFile === undefined) continue
    const bytes = await readObject(store, setPrefix(verified) + proofFile, signal).catch((error: unknown) => {
      if (isUnreadable(error)) return undefined
      throw error
    })
    const evidence = bytes && parseEvidence(bytes)
    measured.push(...[evidence && measuredBy(evidence, summary.rawBytes)].filter((one) => one !== undefined))
  }
  const handedOver = handOver !== undefined
  const most = handedOver ? Math.min(secondsLeft, cluster.backup.fanOut.aboveSeconds) : secondsLeft
  const needs = { rawBytes: manifest.summary.rawBytes, secondsLeft: most, handedOver }
  return tooLargeBecause({ ...needs, ...(disk && { disk }) }, measured)
}

/**
 * Hands the verification of a set over to many functions. How it ends is for its own last step to tell.
 *
 * @param why one call cannot do it.
 * @throws Failure `config` where the definition or the stack lacks what that takes.
 */
export async function verifyByMany(
  { cluster, dueMs, handOver: start, note }: ScheduledRun,
  { database, set }: SetAddress,
  why: string,
): Promise<Outcome> {
  const subject = `${cluster.name}/${database}`
  if (cluster.backup.verify.into === undefined)
    throw tooLarge(
      subject,
      set,
      why,
      'Set backup.verify.into to a server that has room for the set: then many functions restore it there, and compare it.',
    )
  if (start === undefined)
    throw tooLarge(
      subject,
      set,
      why,
      'Verify on a VM (`ballast timers`), or deploy the state machine of `fan-restore`, which takes a network in runtime.lambda.vpc.',
    )
  note(`${set}: ${why}: verified by many functions`)
  // Each instant of the schedule has a verification of its own, also where the set is the same.
  await startNamed({ database, set }, { database, set, as: null }, start, String(dueMs))
  return { operation: 'verify', subject, ok: true, numbers: { set, alreadyRunning: true, fannedOut: true } }
}

function tooLarge(subject: string, set: string, why: string, hint: string): Failure {
  return new Failure(`the set ${set} is too large to be verified in one call: ${why}`, {
    ...{ kind: 'config', subject, code: 'TooLarge', hint },
  })
}
