import { digestShareOf } from '../../archive/digest-ages.ts'
import type { Manifest } from '../../archive/manifest.ts'
import type { Findings } from '../findings.ts'
import { judgeRows } from '../judge-rows.ts'
import { type Compared, nothingCompared, sampledNote, type VerifyReport } from '../report.ts'
import type { RunLine } from './reconcile.ts'
import type { RunDocument } from './run-document.ts'
import { isComparison } from './run-tasks.ts'

/** What a verification knows at its end. */
export interface RunEnd {
  document: RunDocument
  lines: readonly RunLine[]
  /** Absent when the set was found damaged before it was restored: then nothing was. */
  manifest?: Manifest
  restoredInto: NonNullable<VerifyReport['restoredInto']>
}

/** The report of a run whose tasks are all done, or of one that found the set damaged or not to restore. */
export function assembleReport({ document, lines, manifest, restoredInto }: RunEnd, found: Findings): VerifyReport {
  const { cluster, database, set } = document
  found.take(document)
  for (const { result } of lines) if (result !== undefined) found.take({ findings: [], findingsTotal: 0, ...result })
  const planned = lines.flatMap(({ result }) => result?.plan ?? [])[0]
  const sample = lines.flatMap(({ result }) => result?.sample ?? [])[0]
  const described = lines.some(
    ({ task, doneMs, result }) => task.type === 'compare definitions' && doneMs !== undefined && result,
  )
  const whole = manifest !== undefined && planned !== undefined && described
  const compared = whole ? comparedBy(manifest, planned, lines, found) : { ...nothingCompared }
  const share = sample && digestShareOf(sample.digests)
  const notChecked = lines.flatMap(({ result }) => result?.notChecked ?? [])
  return {
    address: { cluster, database, set },
    equal: whole && found.total === 0 && notChecked.length === 0,
    ...(share && { sampled: share }),
    ...{ findings: found.list, findingsTotal: found.total, notChecked, compared },
    notes: [
      ...document.notes,
      ...(share === undefined ? [] : [sampledNote(share)]),
      ...lines.flatMap(({ result }) => result?.notes ?? []),
    ],
    ...(whole ? { restoredInto } : {}),
    secondsByPhase: secondsByPhase(document, lines),
  }
}

function comparedBy(
  manifest: Manifest,
  plan: Parameters<typeof judgeRows>[1],
  lines: readonly RunLine[],
  found: Findings,
): Compared {
  const contents = lines.flatMap(({ result }) => result?.contents ?? [])
  const counts = new Map(lines.flatMap(({ result }) => result?.counts ?? []))
  const ordered = plan.counted.map((place) => counts.get(place) ?? 0)
  const compared: Compared = {
    ...nothingCompared,
    ...judgeRows(manifest, plan, contents, ordered, found),
    files: manifest.files.length + manifest.units.length,
  }
  for (const { result } of lines) {
    for (const [name, number] of Object.entries(result?.compared ?? {})) compared[name as keyof Compared] += number
  }
  return compared
}

/** How long the phases of a run took: from its start to the last task of each. */
export function secondsByPhase({ startedMs, checkedMs }: RunDocument, lines: readonly RunLine[]): Record<string, number> {
  const lastOf = (some: readonly RunLine[], otherwise: number): number =>
    some.reduce((last, { doneMs = last }) => Math.max(last, doneMs), otherwise)
  const restoredMs = lastOf(
    lines.filter(({ task }) => !isComparison(task)),
    checkedMs,
  )
  const comparedMs = lastOf(lines, restoredMs)
  const seconds = (fromMs: number, toMs: number): number => Math.max(0, toMs - fromMs) / 1000
  return {
    check: seconds(startedMs, checkedMs),
    restore: seconds(checkedMs, restoredMs),
    compare: seconds(restoredMs, comparedMs),
  }
}
