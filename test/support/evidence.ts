import type { Evidence, SampledDigests } from '../../functions/archive/evidence.ts'

/** The evidence of a verification that found nothing different: of everything, or of a share of the digests. */
export function sampleEvidence(digests: SampledDigests | undefined, startedMs: number): Evidence {
  const common = {
    ...{ set: '2026-11-22T060000Z-daily', cluster: 'shop', database: 'app', ballast: '0.1.0' },
    ...{ startedAt: new Date(startedMs).toISOString(), finishedAt: new Date(startedMs + 60_000).toISOString() },
    ...{ manifestSha256: 'a'.repeat(64), compared: { tables: 1 }, findings: [], findingsTotal: 0, notes: [] },
    secondsByPhase: { check: 0.1 },
  }
  return digests === undefined
    ? { format: 1, ...common, verdict: 'equal' }
    : { format: 2, ...common, verdict: 'sampled', digests }
}
