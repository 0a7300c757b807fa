import { integer, optional, preset } from './leaf.ts'
import { seconds, when } from './quantity.ts'
import { section } from './section.ts'

const count = () => optional(integer(0, 10_000, 7))

/** What is kept. Each rule keeps the newest verified set of each of that many periods, as restic counts them. */
const keep = section(
  {
    last: count(),
    hourly: count(),
    daily: count(),
    weekly: count(),
    monthly: count(),
    yearly: count(),
    /** Everything younger than this. */
    within: optional(seconds('30 days')),
  },
  '{ daily: 7, weekly: 4, monthly: 12 }',
)

export const retention = section(
  {
    keep,
    /** Verified sets that are never deleted, whatever the rules say. */
    floor: preset(integer(1, 1000, 3), 3),
    /** Incomplete sets and abandoned uploads older than this are swept. */
    sweepAfter: preset(seconds('2 days', { min: '1 hour' }), '2 days'),
    schedule: preset(when('daily at 07:00'), 'daily at 07:00'),
  },
  '{ keep: { daily: 7, weekly: 4, monthly: 12 } }',
)
