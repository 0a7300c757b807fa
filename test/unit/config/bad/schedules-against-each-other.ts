import type { BadDefinition } from './bad-definition.ts'

export const schedulesAgainstEachOther: readonly BadDefinition[] = [
  { changes: { 'backup.retention.keep': {} }, lines: ['backup.retention.keep: must keep something; add e.g. daily: 7'] },
  {
    changes: { 'backup.retention.keep': { daily: 0 } },
    lines: ['backup.retention.keep: must keep something; add e.g. daily: 7'],
  },
  {
    changes: { 'backup.schedule': [] },
    lines: ["backup.schedule: must not be empty; add e.g. { slot: 'daily', when: 'daily at 03:00' }"],
  },
  {
    changes: { 'backup.schedule': [{ slot: 'daily', when: 'daily at 03:00', databases: ['shp'] }] },
    lines: [
      "backup.schedule[0].databases[0]: no database is named 'shp'; use one of shop",
      "databases[0]: no backup schedule covers 'shop'; add it to a slot, or write backup: false",
    ],
  },
  {
    changes: {
      'backup.schedule': [
        { slot: 'a', when: 'daily at 03:00' },
        { slot: 'a', when: 'daily at 05:00' },
      ],
    },
    lines: ["backup.schedule[1].slot: 'a' is also backup.schedule[0].slot; give every slot its own name"],
  },
  {
    changes: {
      'databases[0].backup': false,
      'backup.schedule': [{ slot: 'daily', when: 'daily at 03:00', databases: ['shop'] }],
    },
    lines: ["backup.schedule[0].databases[0]: 'shop' has backup: false; remove one of the two"],
  },
  {
    changes: {
      'databases[1]': { name: 'ledger', owner: 'o' },
      'backup.schedule': [{ slot: 'daily', when: 'daily at 03:00', databases: ['shop'] }],
    },
    lines: ["databases[1]: no backup schedule covers 'ledger'; add it to a slot, or write backup: false"],
  },
  {
    changes: { 'freshness.maxAge': '12 hours' },
    lines: [
      "freshness.maxAge: 12 hours always alarms, for backups of 'shop' are up to 1 day apart; write more than '1 day', or run more often",
    ],
  },
  {
    changes: { 'handover.goals.recoveryPoint': '15 min' },
    lines: [
      "handover.goals.recoveryPoint: 15 min cannot be met, for backups of 'shop' are up to 1 day apart; back up more often or set backup.pitr",
    ],
  },
  {
    changes: { 'backup.verify.schedule': 'weekly on sunday at 05:00' },
    lines: [
      "freshness.maxVerifiedAge: 50 hours always alarms, for verifications are up to 7 days apart; write more than '7 days', or run more often",
    ],
  },
  {
    changes: { 'backup.verify.share': '10 %' },
    lines: [
      "backup.verify.share: 10 % in each of the 7 verifications within 7 days is 70 % of the rows, and everythingWithin promises all; write at least '14.29 %', a longer everythingWithin, or verify more often",
    ],
  },
  {
    changes: { 'backup.verify.share': '99.9 %', 'backup.verify.everythingWithin': '1 day' },
    lines: [
      "backup.verify.share: 99.9 % in the one verification within 1 day is 99.9 % of the rows, and everythingWithin promises all; write at least '100 %', a longer everythingWithin, or verify more often",
    ],
  },
  {
    changes: { 'backup.verify.schedule': 'monthly on 1 at 05:00', 'freshness.maxVerifiedAge': '40 days' },
    lines: [
      "backup.verify.everythingWithin: 7 days cannot be met, for verifications are up to 31 days apart; write at least '31 days', or verify more often",
    ],
  },
  {
    changes: { 'freshness.maxVerifiedAge': '25 hours' },
    lines: [
      'freshness.maxVerifiedAge: is shorter than maxAge, but a set is older when it has been verified; write at least maxAge',
    ],
  },
  {
    changes: { 'freshness.minCopies': 3 },
    lines: ['freshness.minCopies: demands 3 copies, but sets go to 2 stores; add a store or write less'],
  },
  {
    changes: { 'backup.retention.sweepAfter': '6 hours' },
    lines: [
      "backup.retention.sweepAfter: would sweep a backup that is still running; write more than backup.limits.duration, '12 hours'",
    ],
  },
  {
    changes: { 'backup.pitr': { store: 'main' }, 'replication.maxArchiveAge': '30 s' },
    lines: [
      'replication.maxArchiveAge: always alarms, for segments are archived that seldom; write more than postgres.archiveTimeout',
    ],
  },
  {
    changes: { 'replication.maxSlotWal': '8 GB' },
    lines: ['replication.maxSlotWal: alarms only after the server has given the slot up; write less than postgres.maxSlotWal'],
  },
]
