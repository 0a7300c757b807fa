import { type EvidenceVerdict, evidenceVerdict } from './keys.ts'
import { parseInstant } from './set-name.ts'

/** The outcome of the last verification of a set, as the name of its evidence says it. */
export interface LatestEvidence {
  /** Milliseconds since the epoch. */
  atMs: number
  verdict: EvidenceVerdict
}

/** The later of what is known and what this file of the set says; of two verdicts within one second the bad one counts. */
export function laterEvidence(known: LatestEvidence | undefined, file: string): LatestEvidence | undefined {
  const verdict = evidenceVerdict(file)
  const atMs = fileTime(file)
  if (verdict === undefined || atMs === undefined) return known
  const later = known === undefined || atMs > known.atMs || (atMs === known.atMs && verdict === 'different')
  return later ? { atMs, verdict } : known
}

/** The later of when this copy was known to be compared with its source, and what this file says of it. */
export function laterComparison(knownMs: number | undefined, file: string): number | undefined {
  const atMs = file.endsWith('-copied.json') ? fileTime(file) : undefined
  return atMs === undefined || (knownMs !== undefined && knownMs >= atMs) ? knownMs : atMs
}

function fileTime(file: string): number | undefined {
  const [, instant] = /^evidence\/(\w+)-[a-z]+\.json$/.exec(file) ?? []
  return instant === undefined ? undefined : parseInstant(instant)
}
