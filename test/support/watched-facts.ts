import cluster from '../../ballast.config.ts'
import { definedFacts } from '../../functions/status/defined-facts.ts'
import type { StatusFacts } from '../../functions/status/status-facts.ts'
import { historyOf, pollsUntil, sampleNowMs, wellFacts } from './status-facts.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** A definition's facts about a cluster that is watched as it should be. */
export function watchedFacts(changed: Partial<StatusFacts> = {}): StatusFacts {
  const facts = wellFacts()
  return {
    ...facts,
    defined: { ...definedFacts(cluster), databases: ['shop'] },
    history: historyOf([
      { operation: 'replication', polls: pollsUntil(sampleNowMs - 20_000, minuteMs, 0.1, () => ({ lagBytes: 10 })) },
      { operation: 'freshness', polls: pollsUntil(sampleNowMs - 17 * minuteMs, hourMs, 2) },
    ]),
    ...changed,
  }
}
