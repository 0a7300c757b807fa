import { flag, integer, optional, preset } from './leaf.ts'
import { bytes, percent, seconds, when } from './quantity.ts'
import { retention } from './retention.ts'
import { secretRef } from './secret-fields.ts'
import { list, oneOf, section } from './section.ts'
import { store } from './stores.ts'
import { slug, sqlName } from './texts.ts'

/** The names of its sets hold a slot's name and a time, 48 characters in all. */
const longestSlot = 32

const slot = section({
  /** Names the sets that this schedule makes. */
  slot: slug('daily', longestSlot),
  when: when('daily at 03:00'),
  /** Only these databases; all that are backed up where it is left out. */
  databases: optional(list(sqlName('shop'), { min: 1, example: "'shop'" })),
})

const verify = section({
  schedule: preset(when('daily at 05:00'), 'daily at 05:00'),
  /** Restore into this server; into a scratch server that verification starts itself where it is left out. */
  into: optional(secretRef()),
  /**
   * Opens the sets of stores with `ageRecipients`, for verification and restores by this definition. Whoever can read it can
   * read every backup: leave it out where backups are made, and verify on another machine.
   */
  ageIdentity: optional(secretRef()),
  /** Also walk every index with pg_amcheck; where it does not, each verification says so. */
  amcheck: preset(flag(), true),
  /**
   * Share of the rows, by their size as text, whose digests one scheduled run compares: tables in turn, those not compared for
   * longest first. The number of rows of every table and all else are compared in every run.
   */
  share: preset(percent('100 %', { min: '1 %' }), '100 %'),
  /** Within how long the digest of every table is compared again. */
  everythingWithin: preset(seconds('7 days', { min: '1 day' }), '7 days'),
})

const copies = section({
  /** Names of stores; all but the first where it is left out. */
  to: optional(list(slug('second-region'), { min: 1, example: "'second-region'" })),
  schedule: preset(when('every 1 hour'), 'every 1 hour'),
})

const limits = section({
  /** The run stops after this time. */
  duration: preset(seconds('12 hours', { min: '1 min' }), '12 hours'),
  /** Longest age of the snapshot, which holds back vacuum. */
  snapshotAge: preset(seconds('12 hours', { min: '1 min' }), '12 hours'),
  /** Most WAL that may pile up on the source while the snapshot is held. */
  walHeld: preset(bytes('20 GB'), '20 GB'),
})

const fanOut = section({
  /** Estimates above this go to the state machine instead of one invocation. */
  above: preset(seconds('10 min'), '10 min'),
  /** Connections that all workers together may open on the source. */
  connections: preset(integer(1, 1000, 8), 8),
  /** How long one holder keeps the snapshot before it hands it on; under the 15 minutes of a function. */
  holder: preset(seconds('12 min', { min: '10 s', max: '14 min' }), '12 min'),
  /** A replica that serves backups alone: its replay is paused for the run, and always resumed. */
  pauseReplica: optional(slug('db-3')),
})

const pitr = section({
  /** The S3 store that pgBackRest archives to. */
  store: slug('main'),
  fullBackup: preset(when('weekly on sunday at 01:00'), 'weekly on sunday at 01:00'),
  /** Full backups kept, with the WAL that belongs to them. */
  keepFull: preset(integer(1, 100, 4), 4),
})

/** Backups: where to, from where, when, and for how long. */
export const backup = section(
  {
    /** The first takes the backup; the others take copies. */
    stores: list(store, { min: 1, example: "{ type: 's3', name: 'main', bucket: 'shop-backups' }" }),
    /** `standby` spares the primary. */
    source: preset(oneOf('standby', 'primary'), 'standby'),
    /** Connections that copy rows at the same time. */
    workers: preset(integer(1, 64, 2), 2),
    /** zstd level: 1 is fast, 19 is small. */
    compressionLevel: preset(integer(1, 19, 1), 1),
    schedule: preset(list(slot, { min: 1, example: "{ slot: 'daily', when: 'daily at 03:00' }" }), [
      { slot: 'daily', when: 'daily at 03:00' },
    ]),
    /** Keep password verifiers in globals.sql; they let an attacker who reads the set guess passwords. */
    passwordVerifiers: preset(flag(), false),
    retention,
    verify: preset(verify, {}),
    copies: preset(copies, {}),
    limits: preset(limits, {}),
    fanOut: preset(fanOut, {}),
    /** WAL archiving and point-in-time recovery by pgBackRest; off where it is left out. */
    pitr: optional(pitr),
  },
  "{ stores: [{ type: 's3', name: 'main', bucket: 'shop-backups' }], retention: { keep: { daily: 7 } } }",
)
