import type { Cluster } from '../../config/cluster.ts'
import { type RehearsalPlan, rehearsalPlans } from '../../config/rehearsals.ts'
import { type Check, fail } from '../platform/check.ts'
import { Failure, toFailure } from '../platform/failure.ts'
import { requireDirectory } from '../platform/object-store/file/require-directory.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { withFreshSecrets } from '../platform/secrets/fresh-secrets.ts'
import { storeSettings } from '../runtime/definition/defined-store.ts'
import { namedStore } from '../runtime/definition/defined-stores.ts'
import { fileRehearsal } from '../runtime/rehearsals/file-rehearsal.ts'
import { readRehearsals } from '../runtime/rehearsals/read-rehearsals.ts'
import { rehearsalVerdict } from '../runtime/rehearsals/rehearsal-verdict.ts'
import { withStore } from '../runtime/with-store.ts'

/** How to look at what people rehearse. */
export interface RehearsalLook {
  /**
   * Note in the store since when a rehearsal is asked for that nobody has done yet: from then on its dates count. Without it
   * the look only reads.
   */
  begin: boolean
  env: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** Judges whether the restore tests and drills that a definition asks for were done. A store that does not answer is a finding. */
export async function rehearsalChecks(cluster: Cluster, { begin, env, signal }: RehearsalLook): Promise<Check[]> {
  const plans = rehearsalPlans(cluster)
  if (plans.length === 0) return []
  const { store: name } = cluster.handover.drills
  const look = async (): Promise<Check[]> => {
    const settings = await storeSettings(namedStore(cluster, name, 'handover.drills.store'), env)
    await requireDirectory(settings)
    return await withStore(settings, async (store) => {
      const nowMs = Date.now()
      const records = await readRehearsals(store, cluster.name, nowMs, signal)
      const undone = plans.filter(({ rehearsal }) => !records.has(rehearsal))
      if (begin) await beginRehearsals(store, cluster.name, undone, nowMs, signal)
      return plans.map((plan): Check => {
        const { finding } = rehearsalVerdict(plan, records.get(plan.rehearsal), nowMs)
        return { subject: plan.rehearsal, remindDaily: true, ...finding }
      })
    })
  }
  try {
    return await withFreshSecrets(look)
  } catch (thrown) {
    const { kind, code, message, hint } = toFailure(thrown, name)
    if (kind === 'bug' || code === 'Aborted') throw thrown
    return [{ subject: 'handover.drills', ...fail('store', message, hint) }]
  }
}

async function beginRehearsals(
  store: ObjectStore,
  cluster: string,
  plans: readonly RehearsalPlan[],
  atMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { rehearsal } of plans) {
    const begun = { cluster, rehearsal, atMs, result: 'scheduled', by: 'Ballast', note: 'asked for from now on' } as const
    await fileRehearsal(store, begun, signal).catch((error: unknown) => {
      // Another run that does the same is enough.
      if (!(error instanceof Failure) || error.code !== 'Busy') throw error
    })
  }
}
