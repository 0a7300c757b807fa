import cluster from '../../ballast.config.ts'
import { Failure } from '../../functions/platform/failure.ts'
import { definedFacts } from '../../functions/status/defined-facts.ts'
import type { StatusFacts } from '../../functions/status/status-facts.ts'
import { backupOf, compared, historyOf, pollsUntil, sampleNowMs, wellFacts } from './status-facts.ts'
import { whenOf } from './when.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const at = (text: string): number => Date.parse(text)

// Polls that come every minute tell no more, and take a while to make.
const everyFiveMinutes = whenOf('every 5 minutes')

/** A number from 0 to 1 that looks random and is always the same for the same moment. */
function noise(ms: number): number {
  const value = Math.sin(ms / 7_919_000) * 43_758.5453
  return value - Math.floor(value)
}

/** More is written by day than by night, and most before noon. */
function usualLag(ms: number): number {
  const hour = (((ms / hourMs + 21) % 24) + 24) % 24
  const busy = Math.max(0, Math.sin(((hour - 6) / 14) * Math.PI))
  return 60_000 + busy * 2_200_000 * (0.4 + noise(ms))
}

function replicationPolls() {
  const stuck = [at('2026-11-25T11:30:00Z'), at('2026-11-25T12:15:00Z')] as const
  const slow = [at('2026-10-18T12:00:00Z'), at('2026-10-18T14:30:00Z')] as const
  const unwatched = [at('2026-09-29T20:00:00Z'), at('2026-10-01T09:00:00Z')] as const
  const during = (ms: number, [from, to]: readonly [number, number]): boolean => ms >= from && ms < to
  return pollsUntil(sampleNowMs - 25_000, 5 * minuteMs, 78, (ms) => {
    if (during(ms, stuck)) {
      const lagBytes = 18_000_000 + 14_000_000 * noise(ms)
      return { result: 'bad', lagBytes, lagSeconds: 9, failedChecks: ['db-3: lag'], message: 'db-3: lag' }
    }
    if (during(ms, slow)) return { result: 'bad', lagBytes: 22_000_000, lagSeconds: 4, failedChecks: ['db-2: lag'] }
    return { lagBytes: Math.round(usualLag(ms)), lagSeconds: 0.2 }
  }).filter(({ atMs }) => !during(atMs, unwatched))
}

/** The reference cluster on a day with some trouble: what one meets, and not only in pictures. */
export function troubledFacts(changed: Partial<StatusFacts> = {}): StatusFacts {
  const shop = [4, 10, 16, 22, 28, 34].map((hours) => backupOf('shop', hours, hours > 6 ? { verdict: 'equal' } : {}))
  const ledger = [31, 55, 79].map((hours) => backupOf('ledger', hours, { bytes: 310_000_000, verdict: 'equal' }))
  const failedVerify = { result: 'failed', message: 'no space left for the scratch server', failedChecks: [] } as const
  const failedBackup = { result: 'failed', message: 'ledger: the connection to db-2 was refused', failedChecks: [] } as const
  return {
    ...wellFacts(),
    defined: definedFacts({ ...cluster, replication: { ...cluster.replication, schedule: everyFiveMinutes } }),
    listings: [
      { name: 'main', location: 's3://shop-backups-sa/ballast', isCopy: false, sets: [...shop, ...ledger] },
      {
        name: 'second-region',
        location: 's3://shop-backups-us',
        isCopy: true,
        sets: [...shop.slice(1), ...ledger].map(compared),
      },
      {
        ...{ name: 'nas', location: 'file:///mnt/nas/ballast', isCopy: true },
        failure: new Failure('The directory is not there', { kind: 'permanent', subject: 'nas', hint: 'Mount it.' }),
      },
    ],
    history: historyOf([
      { operation: 'replication', polls: replicationPolls() },
      {
        operation: 'freshness',
        polls: pollsUntil(sampleNowMs - 17 * minuteMs, hourMs, 78, (ms) =>
          ms > sampleNowMs - 5 * hourMs ? { result: 'bad', failedChecks: ['shop/ledger: backup'] } : {},
        ),
      },
      {
        ...{ operation: 'backup', slot: 'daily' },
        polls: pollsUntil(at('2026-11-25T06:04:00Z'), dayMs, 78, (ms) => (ms > sampleNowMs - dayMs ? failedBackup : {})),
      },
      { operation: 'backup', slot: 'six-hourly', polls: pollsUntil(at('2026-11-25T15:06:00Z'), 6 * hourMs, 78) },
      {
        operation: 'verify',
        polls: pollsUntil(at('2026-11-25T08:41:00Z'), dayMs, 78, (ms) =>
          [at('2026-11-02T08:41:00Z'), at('2026-11-03T08:41:00Z')].includes(ms) ? failedVerify : {},
        ),
      },
      { operation: 'copies', polls: pollsUntil(sampleNowMs - 16 * minuteMs, hourMs, 78) },
      { operation: 'retention', polls: pollsUntil(at('2026-11-25T10:01:00Z'), dayMs, 78) },
    ]),
    rehearsals: {
      value: new Map([
        ['restore-test', { atMs: at('2026-11-03T17:20:00Z'), result: 'passed', by: 'Ana Souza', note: 'from nas: 41 min' }],
        ['drill', { atMs: at('2026-10-16T18:05:00Z'), result: 'passed', by: 'Rui Lima', note: 'all alerts came' }],
      ]),
    },
    openAlerts: {
      value: [
        {
          ...{ name: 'backup-age', subject: 'shop/ledger', severity: 'critical' },
          ...{ summary: 'the newest is 31.0 h old; at most 26.0 h', sinceMs: sampleNowMs - 5 * hourMs },
        },
      ],
    },
    ...changed,
  }
}
