import type { Drill } from '../../config/drills.ts'
import type { DrillRecord } from '../../handover/records/drill-record.ts'
import type { Measurement } from '../../handover/records/measurement.ts'
import type { RunRecord } from '../../handover/records/verdict.ts'
import { drillRecord, expectedLoad, loadRecord, measured, otherDefinition, pointsOf } from './handover-records.ts'

const failover = drillRecord(
  'failover',
  70,
  {
    measurements: [
      measured('firstWrite', 3.42, 's', 1, ['at most', 10, 'handover.goals.firstWrite']),
      measured('writePause', 6.18, 's', 1),
      measured('rowsLostSynchronous', 0, 'count', 4_182, ['exactly', 0, 'drill']),
      measured('rowsAcknowledged', 4_182, 'count', 4_182),
      measured('requestsLost', 37, 'count', 5_140),
      measured('applicationRequests', 2_320, 'count', 2_320),
      measured('applicationRequestsFailed', 148, 'count', 2_320),
      measured('applicationGap', 6.43, 's', 2_320),
    ],
    events: [
      { atMs: 0, key: 'loadStarted', detail: '20 /s' },
      { atMs: 4_310, key: 'requestsStarted', detail: 'k6 1.8.1: 50 /s, entries, consolidation' },
      { atMs: 20_140, key: 'primaryStopped', detail: 'db-1' },
      { atMs: 21_900, key: 'alertRaised', detail: 'primary: db-1 does not answer' },
      { atMs: 22_904, key: 'promotionOrdered', detail: 'db-2' },
      { atMs: 26_324, key: 'firstWrite', detail: 'db-2' },
      { atMs: 46_400, key: 'loadEnded', detail: '' },
      { atMs: 46_900, key: 'requestsEnded', detail: '' },
      { atMs: 47_010, key: 'restoreBegun', detail: '' },
      { atMs: 58_600, key: 'restoreEnded', detail: '' },
    ],
    tables: [
      {
        key: 'rowCounts',
        columns: ['node', 'rows'],
        rows: [
          ['db-2', '4182'],
          ['db-3', '4182'],
        ],
      },
      {
        ...{ key: 'targetAnswers', columns: ['target', 'requests', 'failed', 'gapSeconds'] },
        rows: [
          ['entries', '1160', '131', '6.43'],
          ['consolidation', '1160', '17', '5.61'],
        ],
      },
    ],
  },
  61,
)

const restore = drillRecord(
  'restore',
  40,
  {
    measurements: [
      measured('recoveryTime', 412.6, 's', 1, ['at most', 3600, 'handover.goals.recoveryTime']),
      measured('recoveryPoint', 20_820, 's', 1, ['at most', 86_400, 'handover.goals.recoveryPoint']),
      measured('projectedRecoveryTime', 1_986, 's', 1, ['at most', 3600, 'handover.goals.recoveryTime']),
      measured('rowsCompared', 13_777_778, 'count', 13_777_778),
      measured('tablesDifferent', 0, 'count', 42, ['exactly', 0, 'drill']),
    ],
    events: [
      { atMs: 61_200, key: 'setPublished', detail: '2026-11-23T124012Z-drill' },
      { atMs: 128_300, key: 'setVerified', detail: 'equal' },
      { atMs: 128_900, key: 'recoveryDecided', detail: '' },
      { atMs: 133_480, key: 'newServerStarted', detail: '' },
      { atMs: 541_500, key: 'firstQuery', detail: '' },
    ],
    tables: [
      {
        ...{ key: 'tablesCompared', columns: ['subject', 'rows', 'finding'] },
        rows: [
          ['public.customers', '184200', 'equal'],
          ['public.orders', '13593578', 'equal'],
        ],
      },
    ],
  },
  560,
)

const nodes = ['db-1', 'db-2', 'db-3']
const ports: DrillRecord['tables'][number] = {
  ...{ key: 'portAnswers', columns: ['speaker', 'node', 'port', 'expected', 'came'] },
  rows: nodes.flatMap((node) => [
    ['app', node, '6432', 'open', 'open'],
    ['app', node, '5432', 'closed', 'closed'],
    ['app', node, '22', 'closed', 'closed'],
    ['monitor', node, '9187', 'open', 'open'],
    ['monitor', node, '9100', 'open', 'open'],
    ['stranger', node, '5432', 'closed', 'closed'],
    ['stranger', node, '22', 'closed', 'closed'],
  ]),
}

/** Records with which everything passes: every drill and the load test at the expected rate, and one of it from before. */
export function passingRecords(): RunRecord[] {
  const zero = (key: string, samples: number): Measurement => measured(key, 0, 'count', samples, ['exactly', 0, 'drill'])
  return [
    loadRecord('average', -10_080, {
      measurements: expectedLoad({ p95: 96.1 }),
      definition: otherDefinition,
    }),
    loadRecord('smoke', 0, { measurements: expectedLoad().slice(0, 6) }, 30),
    loadRecord('average', 2),
    drillRecord('stress', 20, {
      measurements: [zero('failedTransactions', 120_400), measured('transactionsPerSecond', 1_912, '/s', 120_400)],
    }),
    drillRecord('lag-under-load', 24, {
      measurements: [measured('lagTime', 310, 'ms', 60, ['at most', 1000, 'replication.maxLagTime'])],
    }),
    drillRecord('pool-exhaustion', 28, { measurements: [zero('clientErrors', 200), measured('longestWait', 1_840, 'ms', 60)] }),
    drillRecord('tls-and-passwords', 32, {
      measurements: [zero('attemptsUnexpected', 12), measured('attemptsMade', 12, 'count', 12)],
      tables: [
        {
          ...{ key: 'loginAttempts', columns: ['node', 'attempt', 'expected', 'came'] },
          rows: nodes.flatMap((node) => [
            [node, 'withoutTls', 'refused', 'refused'],
            [node, 'wrongPassword', 'refused', 'refused'],
          ]),
        },
      ],
    }),
    drillRecord('port-exposure', 36, {
      measurements: [zero('portsUnexpected', 21), measured('portsTried', 21, 'count', 21)],
      tables: [ports],
    }),
    restore,
    drillRecord('store-unreachable', 52, {
      measurements: [zero('attemptsSucceeded', 4), measured('failedAfter', 31.2, 's', 4, ['at most', 120, 'drill'])],
    }),
    drillRecord('point-in-time', 56, {
      measurements: [
        zero('rowsDifferent', 2_000),
        measured('recoveryTime', 74.9, 's', 1, ['at most', 3600, 'handover.goals.recoveryTime']),
        measured('archiveRecoveryPoint', 61.2, 's', 3, ['at most', 86_400, 'handover.goals.recoveryPoint']),
      ],
    }),
    drillRecord('replica-cut-off', 60, { measurements: [measured('pollsToAlert', 2, 'count', 1, ['at most', 2, 'drill'])] }),
    drillRecord('disk-filling', 63, {
      measurements: [
        measured('pollsToAlert', 2, 'count', 1, ['at most', 2, 'alerts.raiseAfter']),
        measured('freeAtAlert', 14.6, '%', 1),
      ],
      untested: ['How full the disk must be for the server to refuse writes: it never did.'],
    }),
    drillRecord('secret-rotation', 66, {
      measurements: [zero('requestsLost', 1_200), measured('requestsMade', 1_200, 'count', 1_200)],
    }),
    failover,
    drillRecord('rejoin', 73, {
      measurements: [measured('rejoinTime', 18.4, 's', 1, ['at most', 300, 'drill']), zero('rowsDifferent', 4_182)],
    }),
  ]
}

/** What one meets: a drill that failed, one that was interrupted, one that was not begun, one of an earlier definition. */
export function troubledRecords(): RunRecord[] {
  const changed: Partial<Record<Drill, Partial<DrillRecord>>> = {
    'replica-cut-off': {
      measurements: [measured('pollsToAlert', 4, 'count', 1, ['at most', 2, 'drill'])],
      findings: ['The alert for db-3 came at the fourth poll'],
      events: [
        { atMs: 2_100, key: 'replicaCutOff', detail: 'db-3' },
        { atMs: 41_900, key: 'alertRaised', detail: 'db-3: lag' },
        { atMs: 45_200, key: 'replicaReconnected', detail: 'db-3' },
        { atMs: 55_400, key: 'alertRecovered', detail: 'db-3: lag' },
      ],
    },
    'disk-filling': {
      state: 'interrupted',
      reason: 'The run was stopped by SIGINT; run it again when it may run to its end.',
      measurements: [],
    },
    rejoin: {
      state: 'skipped',
      reason: 'The drill failover did not end well, so there is no old primary to bring back.',
      measurements: [],
    },
    'point-in-time': { definition: otherDefinition },
    'secret-rotation': { on: 'sandbox' },
  }
  const records = passingRecords().map((record) => (record.kind === 'drill' ? { ...record, ...changed[record.name] } : record))
  return [
    ...records,
    loadRecord('stress', 80, {
      plan: { ratePerSecond: 100, seconds: 660, virtualUsers: 240 },
      points: pointsOf(660, 100),
      measurements: expectedLoad({ p95: 231.4 }),
    }),
  ]
}
