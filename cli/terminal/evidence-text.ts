import type { LatestEvidence } from '../../functions/archive/catalogue-evidence.ts'
import { digestShareText } from '../../functions/archive/digest-share.ts'
import type { Style } from './style.ts'

/** What a verification found, and when: of one that compared a part, no more than that. */
export function evidenceText(evidence: LatestEvidence, ago: string, style: Style): string {
  if (evidence.verdict === 'different') return style.bad(`DIFFERENT, ${ago}`)
  const what = evidence.verdict === 'sampled' ? `; ${digestShareText(evidence.digests)}` : ''
  return style.good(`equal${what}, ${ago}`)
}
