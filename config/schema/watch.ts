import { integer, optional, preset } from './leaf.ts'
import { bytes, percent, seconds, when } from './quantity.ts'
import { urlOrSecret } from './secret-fields.ts'
import { list, oneOf, section } from './section.ts'
import { slug } from './texts.ts'

/** When replication, slots, pools and connections are not well. */
export const replication = section({
  schedule: preset(when('every 1 minute'), 'every 1 minute'),
  maxLag: preset(bytes('10 MB'), '10 MB'),
  /** Counts only while bytes are behind. */
  maxLagTime: preset(seconds('1 s'), '1 s'),
  /** WAL that a slot may hold back. */
  maxSlotWal: preset(bytes('2 GB'), '2 GB'),
  /** Longest time a slot may be without its standby. */
  maxSlotInactive: preset(seconds('2 min'), '2 min'),
  /** Longest wait of a client in PgBouncer. */
  maxPoolWait: preset(seconds('1 s'), '1 s'),
  maxTransactionAge: preset(seconds('1 hour'), '1 hour'),
  /** Share of `postgres.maxConnections` in use. */
  maxConnectionsUsed: preset(percent('85 %', { max: '100 %' }), '85 %'),
  /** Longest time without a WAL segment archived, where point-in-time recovery is on. */
  maxArchiveAge: preset(seconds('10 min'), '10 min'),
  /** Least free space, where the server can tell. */
  minDiskFree: preset(percent('15 %'), '15 %'),
  /** Longest time replay may be paused for a backup without an alarm. */
  maxReplayPause: preset(seconds('6 hours'), '6 hours'),
})

const heartbeat = section({
  /** Pinged at start, success and failure (healthchecks protocol); success only after verification. */
  url: urlOrSecret('https://hc-ping.com/...', 'https', 'http'),
  /** How late a ping may be. */
  grace: preset(seconds('1 hour'), '1 hour'),
})

/** Is there a verified backup young enough? */
export const freshness = section({
  schedule: preset(when('every 1 hour'), 'every 1 hour'),
  /** Longest age of the newest set. */
  maxAge: preset(seconds('26 hours'), '26 hours'),
  /** Longest age of the newest set that verification proved. */
  maxVerifiedAge: preset(seconds('50 hours'), '50 hours'),
  /** Stores that must hold the newest verified set, the first included; all of them where it is left out. */
  minCopies: optional(integer(1, 16, 2)),
  /** How much smaller than the one before a set may be. */
  maxShrink: preset(percent('30 %'), '30 %'),
  heartbeat: optional(heartbeat),
})

/** The status page: status.json and one HTML file. */
export const status = section({
  /** Store that it is written to; the first backup store where it is left out. */
  store: optional(slug('main')),
  schedule: preset(when('every 15 minutes'), 'every 15 minutes'),
  languages: preset(list(oneOf('pt-BR', 'en'), { min: 1, example: "'en'" }), ['pt-BR', 'en']),
  /** How far back uptime and lag are shown. */
  history: preset(seconds('90 days', { min: '1 day', max: '1 year' }), '90 days'),
})
