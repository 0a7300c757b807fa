import type { Cluster } from '../../config/cluster.ts'
import { type CompleteSet, listSets } from '../archive/catalogue.ts'
import { fileTime } from '../archive/catalogue-evidence.ts'
import { chooseLatest } from '../archive/catalogue-find.ts'
import type { SetAddress } from '../archive/keys.ts'
import type { Outcome } from '../platform/outcome.ts'
import { resolveConnection } from '../platform/postgres/connection.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { readSecret } from '../platform/secrets/read-secret.ts'
import { atPath } from '../runtime/definition/at-path.ts'
import { definedIdentity } from '../runtime/definition/defined-identity.ts'
import { firstStore } from '../runtime/definition/defined-stores.ts'
import type { ScheduledRun, ScheduledWork } from '../runtime/scheduled.ts'
import { withStore } from '../runtime/with-store.ts'
import { workThrough } from '../runtime/work-through.ts'
import { definedSample } from './digests/defined-sample.ts'
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
    work: ({ database }, { signal }) => verifyNewest(run, { cluster, database }, signal),
  })
}

async function verifyNewest(
  { cluster, dueMs, env, note }: ScheduledRun,
  place: Pick<SetAddress, 'cluster' | 'database'>,
  signal: AbortSignal,
): Promise<Outcome> {
  const settings = await firstStore(cluster, env)
  const { address, provenMs } = await withStore(settings, async (store, readStart) => {
    const sets = await listSets(store, place, { readStart, signal })
    const latest = chooseLatest(sets, `${place.cluster}/${place.database}`)
    const listed = sets.find((set) => set.address.set === latest.set)
    return { address: latest, provenMs: listed?.state === 'complete' ? provenSince(listed, cluster) : undefined }
  })
  if (provenMs !== undefined && provenMs >= dueMs) return provenOutcome(address)
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

async function definedTarget({ backup }: Cluster, env: NodeJS.ProcessEnv): Promise<ConnectionSettings | undefined> {
  const { into } = backup.verify
  if (into === undefined) return undefined
  return await atPath('backup.verify.into', async () => resolveConnection(await readSecret(into, env), env))
}

function provenOutcome({ cluster, database, set }: SetAddress): Outcome {
  return { operation: 'verify', subject: `${cluster}/${database}`, ok: true, numbers: { set, alreadyDone: true } }
}
