import type { Cluster } from '../../config/cluster.ts'
import { type CompleteSet, listSets } from '../archive/catalogue.ts'
import { fileTime } from '../archive/catalogue-evidence.ts'
import { chooseLatest } from '../archive/catalogue-find.ts'
import type { SetAddress } from '../archive/keys.ts'
import type { Outcome } from '../platform/outcome.ts'
import { atPath } from '../runtime/definition/at-path.ts'
import { definedIdentity } from '../runtime/definition/defined-identity.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { withStore } from '../runtime/with-store.ts'
import { type TargetContext, workThrough } from '../runtime/work-through.ts'
import { definedSample } from './digests/defined-sample.ts'
import { definedTarget } from './fan-out/step-context.ts'
import { verifyByMany, whyTooLarge } from './fan-out/verify-many.ts'
import { verify } from './verify.ts'
import { verifyOutcome } from './verify-outcome.ts'

/**
 * Proves the newest set of every database that is backed up, unless a run for the same instant has proven it already: all of
 * it, or the share of the digests that the definition asks for.
 */
export const scheduledVerify: ScheduledWork = async (run) => {
  const { name: cluster, databases, backup } = run.cluster
  const targets = databases
    .filter((database) => database.backup)
    .map(({ name }) => ({ database: name, subject: `${cluster}/${name}`, lease: `verify-${name}` }))
  return await workThrough(run, {
    ...{ operation: 'verify', of: 'databases', targets, limitSeconds: backup.limits.durationSeconds, whenBusy: 'leave' },
    work: ({ database }, context) => verifyNewest(run, { cluster, database }, context),
  })
}

async function verifyNewest(
  run: ScheduledRun,
  place: Pick<SetAddress, 'cluster' | 'database'>,
  { signal, secondsLeft }: TargetContext,
): Promise<Outcome> {
  const { cluster, dueMs, env, note } = run
  const settings = await firstStore(cluster, env)
  const { address, provenMs, tooLarge } = await withStore(settings, async (store, readStart) => {
    const listed = await listSets(store, place, { readStart, signal })
    const newest = chooseLatest(listed, `${place.cluster}/${place.database}`)
    const { address } = newest
    const proven = provenSince(newest, cluster)
    if (proven !== undefined && proven >= dueMs) return { address, provenMs: proven, tooLarge: undefined }
    const sets = listed.filter((set) => set.state === 'complete')
    return {
      ...{ address, provenMs: undefined },
      tooLarge: await whyTooLarge(run, { store, address, sets, secondsLeft: secondsLeft(), signal }),
    }
  })
  if (provenMs !== undefined) return provenOutcome(address)
  if (tooLarge !== undefined) return await verifyByMany(run, address, tooLarge)
  const target = await definedTarget(cluster, env)
  const identity = await atPath('backup.verify.ageIdentity', () => definedIdentity(cluster, env))
  note(`verify ${address.set} of ${place.cluster}/${place.database}`)
  const startedMs = Date.now()
  const report = await verify({
    ...{ store: settings, address, env, signal, jobs: cluster.backup.workers, amcheck: cluster.backup.verify.amcheck },
    sample: definedSample(cluster, Math.max(dueMs, startedMs)),
    ...(target === undefined ? {} : { target }),
    ...(identity === undefined ? {} : { identity }),
  })
  return verifyOutcome(report, (Date.now() - startedMs) / 1000)
}

/**
 * When a set was last proven as the definition asks for, in milliseconds since the epoch. Where that is a share of the digests,
 * any proof is; a table that is late all the same was not part of it, and the next run takes it.
 */
function provenSince({ verified, proofFile }: CompleteSet, { backup }: Cluster): number | undefined {
  if (verified === undefined || verified.verdict === 'different') return undefined
  if (backup.verify.sharePercent >= 100) return verified.verdict === 'equal' ? verified.atMs : undefined
  return proofFile === undefined ? undefined : fileTime(proofFile)
}

function provenOutcome({ cluster, database, set }: SetAddress): Outcome {
  return { operation: 'verify', subject: `${cluster}/${database}`, ok: true, numbers: { set, alreadyDone: true } }
}
