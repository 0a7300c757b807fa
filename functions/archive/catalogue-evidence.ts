import { type EvidenceVerdict, evidenceVerdict } from './keys.ts'
import { parseInstant } from './set-name.ts'

/** The outcome of the verification of a set that counts, as the name of its evidence says it; `atMs` since the epoch. */
export type LatestEvidence = EvidenceVerdict & { atMs: number }

/**
 * The later of what is known and what this file of the set says; of two verdicts within one second the bad one counts. One
 * that compared only a part counts where no other one exists: it neither undoes a full proof nor excuses what differed.
 */
export function laterEvidence(known: LatestEvidence | undefined, file: string): LatestEvidence | undefined {
  const said = evidenceVerdict(file)
  const atMs = fileTime(file)
  if (said === undefined || atMs === undefined) return known
  if (known === undefined) return { atMs, ...said }
  const isPart = said.verdict === 'sampled'
  if (isPart !== (known.verdict === 'sampled')) return isPart ? known : { atMs, ...said }
  const later = atMs > known.atMs || (atMs === known.atMs && said.verdict === 'different')
  return later ? { atMs, ...said } : known
}

/**
 * The file of the last verification that found no difference: the known one, or this one. Of two in one second either will do:
 * what it says of each table is true, and at most not the newest.
 */
export function laterProof(known: string | undefined, file: string): string | undefined {
  const said = evidenceVerdict(file)
  const [atMs, knownMs] = [fileTime(file), known === undefined ? undefined : fileTime(known)]
  if (said === undefined || said.verdict === 'different' || atMs === undefined) return known
  return knownMs !== undefined && knownMs >= atMs ? known : file
}

/** Whether a verification found no difference, be it in everything or in what it compared. */
export function isProven(evidence: LatestEvidence | undefined): boolean {
  return evidence !== undefined && evidence.verdict !== 'different'
}

/** The later of when this copy was known to be compared with its source, and what this file says of it. */
export function laterComparison(knownMs: number | undefined, file: string): number | undefined {
  const atMs = file.endsWith('-copied.json') ? fileTime(file) : undefined
  return atMs === undefined || (knownMs !== undefined && knownMs >= atMs) ? knownMs : atMs
}

/** When an evidence file was made, by its name; milliseconds since the epoch. */
export function fileTime(file: string): number | undefined {
  const [, instant] = /^evidence\/(\w+)-[a-z0-9-]+\.json$/.exec(file) ?? []
  return instant === undefined ? undefined : parseInstant(instant)
}
