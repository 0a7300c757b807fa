import type { Rehearsal } from '../../config/rehearsals.ts'
import { alertsKey } from '../archive/keys.ts'
import { type AlertEntry, parseState } from '../platform/alerts/alert-state.ts'
import { Failure } from '../platform/failure.ts'
import { requireDirectory } from '../platform/object-store/file/require-directory.ts'
import { type StoreChoice, storeSettings } from '../runtime/definition/defined-store.ts'
import { type History, readHistory } from '../runtime/history/read-history.ts'
import { readRehearsals } from '../runtime/rehearsals/read-rehearsals.ts'
import type { LastRehearsal } from '../runtime/rehearsals/rehearsal-verdict.ts'
import { withStore } from '../runtime/with-store.ts'
import type { Learned } from './status-facts.ts'
import type { OpenAlert } from './status-report.ts'

/** A store's answer, or why it gave none: then that is what the status says. */
async function learn<T>(work: Promise<T>): Promise<Learned<T>> {
  try {
    return { value: await work }
  } catch (failure) {
    if (!(failure instanceof Failure) || failure.kind === 'bug' || failure.code === 'Aborted') throw failure
    return { problem: `${failure.subject}: ${failure.message}` }
  }
}

/** The history of a cluster's runs. */
export async function learnHistory(
  choice: StoreChoice,
  cluster: string,
  window: { days: number; nowMs: number },
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Learned<History>> {
  const read = async (): Promise<History> => {
    const settings = await storeSettings(choice, env)
    return await withStore(settings, (store) => readHistory(store, cluster, window, signal))
  }
  return await learn(read())
}

/** The alerts of a cluster that are open. */
export async function learnOpenAlerts(
  choice: StoreChoice,
  cluster: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Learned<OpenAlert[]>> {
  const read = async (): Promise<OpenAlert[]> => {
    const settings = await storeSettings(choice, env)
    const found = await withStore(settings, (store) => store.readSmall(alertsKey(cluster), signal))
    if (found === undefined) return []
    const parsed = parseState(found.bytes)
    if ('entries' in parsed) return parsed.entries.flatMap(openAlert)
    throw new Failure(`the state of alerts ${parsed.fault}`, {
      ...{ kind: 'permanent', subject: alertsKey(cluster) },
      hint: 'The next check begins it anew.',
    })
  }
  return await learn(read())
}

/** The newest record of each restore test and drill. */
export async function learnRehearsals(
  choice: StoreChoice,
  cluster: string,
  nowMs: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Learned<ReadonlyMap<Rehearsal, LastRehearsal>>> {
  const read = async (): Promise<ReadonlyMap<Rehearsal, LastRehearsal>> => {
    const settings = await storeSettings(choice, env)
    await requireDirectory(settings)
    return await withStore(settings, (store) => readRehearsals(store, cluster, nowMs, signal))
  }
  return await learn(read())
}

function openAlert({ name, subject, severity, summary, raised }: AlertEntry): OpenAlert[] {
  return raised === undefined ? [] : [{ name, subject, severity, summary, sinceMs: raised.sinceMs }]
}
