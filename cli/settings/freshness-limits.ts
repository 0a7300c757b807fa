import type { Cluster } from '../../config/cluster.ts'
import { definedLimits } from '../../functions/runtime/definition/defined-limits.ts'
import type { FreshnessLimits } from '../../functions/runtime/freshness-verdicts.ts'
import { durationSeconds } from './backup-options.ts'

/** The limits as options name them. */
export interface FreshnessOptions {
  maxAge?: string
  maxVerifiedAge?: string
  maxShrink?: number
  minCopies?: number
}

const defaults: FreshnessLimits = {
  ...{ maxAgeSeconds: 26 * 3600, maxVerifiedAgeSeconds: 50 * 3600, maxShrinkPercent: 30, minCopies: 1 },
}

/** What must hold: as the options say, else the definition, else the definition's own defaults with one store. */
export function freshnessLimits(options: FreshnessOptions, definition: Cluster | undefined): FreshnessLimits {
  const { maxAge, maxVerifiedAge, maxShrink, minCopies } = options
  const known = definition === undefined ? defaults : definedLimits(definition)
  return {
    ...known,
    maxAgeSeconds: maxAge === undefined ? known.maxAgeSeconds : durationSeconds('--max-age', maxAge),
    maxVerifiedAgeSeconds:
      maxVerifiedAge === undefined ? known.maxVerifiedAgeSeconds : durationSeconds('--max-verified-age', maxVerifiedAge),
    maxShrinkPercent: maxShrink ?? known.maxShrinkPercent,
    minCopies: minCopies ?? known.minCopies,
  }
}
