import type { SetAddress } from '../../functions/archive/keys.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { ThawResult } from '../../functions/restore/thaw.ts'
import { plural } from '../terminal/format.ts'
import type { Style } from '../terminal/style.ts'

/** What was asked for, and how far it is; `readable` when the set can be restored now. */
export function thawOutcome({ cluster, database, set }: SetAddress, { ready, thawing, requested }: ThawResult): Outcome {
  const numbers = {
    set,
    readable: thawing + requested === 0,
    readyObjects: ready,
    thawingObjects: thawing,
    requestedObjects: requested,
  }
  return { operation: 'thaw', subject: `${cluster}/${database}`, ok: true, numbers }
}

/** Hours that a thaw takes at most, as Amazon gives them for GLACIER and DEEP_ARCHIVE. */
const hours: Record<string, readonly [glacier: string, deepArchive: string]> = {
  Expedited: ['5 minutes', 'not offered'],
  Standard: ['5 hours', '12 hours'],
  Bulk: ['12 hours', '48 hours'],
}

/** The same for a person, with what comes next. */
export function thawText(
  { set }: SetAddress,
  { ready, thawing, requested }: ThawResult,
  { days, tier }: { days: number; tier: string },
  style: Style,
): string {
  if (ready + thawing + requested === 0) return `${style.good('readable')} ${set}: nothing of it is archived\n`
  if (thawing + requested === 0) return `${style.good('readable')} ${set}: ${plural(ready, 'object')} thawed; restore it now\n`
  const [glacier, deepArchive] = hours[tier] ?? []
  return (
    `${style.warn('thawing')} ${set}: ${plural(requested, 'object')} asked for now for ${plural(days, 'day')}, ` +
    `${thawing} on the way, ${ready} ready\n` +
    `  It takes up to ${glacier} (DEEP_ARCHIVE: ${deepArchive}) with --tier ${tier}. Run this again to see how far it is.\n`
  )
}
