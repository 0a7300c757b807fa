import type { ScannedSet } from '../archive/catalogue-scan.ts'
import type { SetAddress } from '../archive/keys.ts'
import { parseSetName } from '../archive/set-name.ts'
import type { PendingUpload } from '../platform/object-store/store.ts'

/** What a sweep would do with one thing, and why. */
export type SweepStep =
  | { type: 'set'; remove: boolean; address: SetAddress; objects: number; bytes: number; ageSeconds: number; reason: string }
  | { type: 'upload'; remove: boolean; upload: PendingUpload; address?: SetAddress; ageSeconds: number; reason: string }

/** What was found in a store, all of it, at one time. */
export interface SweepFindings {
  /** Sets without a manifest. */
  incomplete: readonly ScannedSet[]
  /** Unfinished uploads of Ballast's own; without an address those of a run stopped before it had named a key. */
  uploads: readonly { upload: PendingUpload; address?: SetAddress }[]
}

/**
 * Decides what to remove: what a run left that has been silent for longer than the limit. A set counts as silent since its
 * youngest object, its youngest unfinished upload or the time in its name, whichever is latest: a long run keeps writing.
 */
export function planSweep({ incomplete, uploads }: SweepFindings, nowMs: number, olderThanSeconds: number): SweepStep[] {
  const lastUpload = new Map<string, number>()
  for (const { upload, address } of uploads) {
    if (address === undefined) continue
    const set = nameOf(address)
    lastUpload.set(set, Math.max(lastUpload.get(set) ?? 0, upload.startedMs))
  }
  const setSteps = incomplete.map((set): SweepStep => {
    const { address, objects, bytes } = set
    const lastMs = Math.max(set.modifiedMs, lastUpload.get(nameOf(address)) ?? 0, parseSetName(address.set)?.startedMs ?? 0)
    const verdict = judge((nowMs - lastMs) / 1000, olderThanSeconds, 'no manifest: the run did not come to its end')
    return { type: 'set', address, objects, bytes, ...verdict }
  })
  const silentSince = new Map(
    setSteps.flatMap((step) => (step.type === 'set' ? [[nameOf(step.address), step.ageSeconds]] : [])),
  )
  const uploadSteps = uploads.map(({ upload, address }): SweepStep => {
    const ownAge = (nowMs - upload.startedMs) / 1000
    // An old upload may belong to a unit that a run still works on: it is as young as its set.
    const setAge = address === undefined ? undefined : silentSince.get(nameOf(address))
    const verdict = judge(Math.min(ownAge, setAge ?? ownAge), olderThanSeconds, 'upload begun and never completed')
    return { type: 'upload', upload, ...(address === undefined ? {} : { address }), ...verdict }
  })
  return [...setSteps, ...uploadSteps]
}

function judge(
  ageSeconds: number,
  olderThanSeconds: number,
  cause: string,
): { remove: boolean; ageSeconds: number; reason: string } {
  const remove = ageSeconds > olderThanSeconds
  return { remove, ageSeconds, reason: remove ? cause : `${cause}, or is still at work: younger than the limit` }
}

function nameOf({ cluster, database, set }: SetAddress): string {
  return JSON.stringify([cluster, database, set])
}
