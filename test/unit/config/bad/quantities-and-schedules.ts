import type { BadDefinition } from './bad-definition.ts'

export const quantitiesAndSchedules: readonly BadDefinition[] = [
  {
    changes: { 'replication.maxLag': '10 XB' },
    lines: ["replication.maxLag: '10 XB' is not a size; write a number and B, kB, MB, GB, TB or KiB to TiB, e.g. '10 MB'"],
  },
  {
    changes: { 'replication.maxLag': 10000000 },
    lines: ["replication.maxLag: 10000000 is not a size; write a number and B, kB, MB, GB, TB or KiB to TiB, e.g. '10 MB'"],
  },
  { changes: { 'replication.maxLag': '0 MB' }, lines: ["replication.maxLag: must be more than zero; write e.g. '10 MB'"] },
  {
    changes: { 'replication.maxLagTime': '1 m' },
    lines: [
      "replication.maxLagTime: '1 m' is not a duration; write a number and ms, s, min, hours, days, weeks or years, e.g. '6 hours'",
    ],
  },
  {
    changes: { 'replication.maxLagTime': '-1 s' },
    lines: [
      "replication.maxLagTime: '-1 s' is not a duration; write a number and ms, s, min, hours, days, weeks or years, e.g. '6 hours'",
    ],
  },
  {
    changes: { 'replication.maxConnectionsUsed': '120 %' },
    lines: ["replication.maxConnectionsUsed: '120 %' is not a percentage; write 0 to 100 and %, e.g. '99.9 %'"],
  },
  {
    changes: { 'replication.maxConnectionsUsed': 0.85 },
    lines: ["replication.maxConnectionsUsed: 0.85 is not a percentage; write 0 to 100 and %, e.g. '99.9 %'"],
  },
  {
    changes: { 'loadtests.goals.rate': '50' },
    lines: ["loadtests.goals.rate: '50' is not a rate; write a number and /s or /min, e.g. '50 /s'"],
  },
  { changes: { 'loadtests.goals.rate': '0 /s' }, lines: ["loadtests.goals.rate: must be more than zero; write e.g. '50 /s'"] },
  {
    changes: { 'loadtests.goals.p95': '0.2' },
    lines: [
      "loadtests.goals.p95: '0.2' is not a duration; write a number and ms, s, min, hours, days, weeks or years, e.g. '6 hours'",
    ],
  },
  {
    changes: { 'backup.fanOut.holder': '15 min' },
    lines: ["backup.fanOut.holder: '15 min' is over the most, 14 min; write e.g. '12 min'"],
  },
  {
    changes: { 'backup.retention.sweepAfter': '5 min' },
    lines: ["backup.retention.sweepAfter: '5 min' is under the least, 1 hour; write e.g. '2 days'"],
  },
  {
    changes: { 'backup.verify.schedule': 'sometimes' },
    lines: [
      "backup.verify.schedule: 'sometimes' is not a schedule; write e.g. 'every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00' or a cron line",
    ],
  },
  {
    changes: { 'backup.verify.schedule': 'daily at 25:00' },
    lines: [
      "backup.verify.schedule: 'daily at 25:00' is not a schedule; write e.g. 'every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00' or a cron line",
    ],
  },
  {
    changes: { 'backup.verify.schedule': 'every 7 hours' },
    lines: [
      "backup.verify.schedule: 'every 7 hours' does not divide the day evenly; use one of 1, 2, 3, 4, 6, 8, 12, 24 hours",
    ],
  },
  {
    changes: { 'replication.schedule': 'every 45 minutes' },
    lines: [
      "replication.schedule: 'every 45 minutes' does not divide the hour evenly; use one of 1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 minutes",
    ],
  },
  {
    changes: { 'backup.verify.schedule': '0 3 * *' },
    lines: [
      "backup.verify.schedule: '0 3 * *' has 4 cron fields; write minute, hour, day of month, month, weekday, e.g. '0 3 * * *'",
    ],
  },
  {
    changes: { 'backup.verify.schedule': '61 3 * * *' },
    lines: [
      "backup.verify.schedule: '61' is not a cron minute (0-59); write minute, hour, day of month, month, weekday, e.g. '0 3 * * *'",
    ],
  },
  {
    changes: { 'backup.verify.schedule': '0 3 31 2 *' },
    lines: ['backup.verify.schedule: names a day that no month has; write a day that exists'],
  },
  {
    changes: { 'backup.verify.schedule': '0 3 1 * 1' },
    lines: ['backup.verify.schedule: names both days of the month and weekdays; keep one of them and write * for the other'],
  },
  {
    changes: { 'backup.verify.schedule': 'monthly on 31 at 04:00' },
    lines: ['backup.verify.schedule: day 31 does not come in every month; use a day from 1 to 28'],
  },
  {
    changes: { 'backup.verify.schedule': 5 },
    lines: [
      "backup.verify.schedule: 5 is not a schedule; write e.g. 'every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00' or a cron line",
    ],
  },
  {
    changes: { 'backup.retention.floor': 0 },
    lines: ['backup.retention.floor: must be a whole number from 1 to 1000; write e.g. 3'],
  },
  {
    changes: { 'backup.retention.keep.daily': -1 },
    lines: ['backup.retention.keep.daily: must be a whole number from 0 to 10000; write e.g. 7'],
  },
  { changes: { 'backup.workers': 0 }, lines: ['backup.workers: must be a whole number from 1 to 64; write e.g. 2'] },
  {
    changes: { 'backup.compressionLevel': 22 },
    lines: ['backup.compressionLevel: must be a whole number from 1 to 19; write e.g. 1'],
  },
  {
    changes: { 'backup.fanOut.connections': 0 },
    lines: ['backup.fanOut.connections: must be a whole number from 1 to 1000; write e.g. 8'],
  },
]
