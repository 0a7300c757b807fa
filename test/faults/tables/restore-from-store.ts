import type { RestoreFailure } from '../../support/restore-bench.ts'
import type { FaultRule } from '../../support/s3-fault.ts'
import { always, refuse, rule } from './rules.ts'

const unit = { key: 'data/' }

/** What a store does to a restore, how the restore must then end, and whether it touched its target before. */
export const failingRestores: [name: string, rules: FaultRule[], expected: RestoreFailure][] = [
  [
    'answers 500 to the manifest',
    [rule('GetObject', refuse(500, 'InternalError'), { key: 'manifest.json', times: always })],
    { kind: 'transient', code: 'InternalError', untouched: true },
  ],
  [
    'denies the manifest',
    [rule('HeadObject', refuse(403, 'AccessDenied'), { times: always })],
    { kind: 'permanent', code: 'AccessDenied', untouched: true },
  ],
  [
    'denies the listing',
    [rule('ListObjectsV2', refuse(403, 'AccessDenied'), { times: always })],
    { kind: 'permanent', code: 'AccessDenied', untouched: true },
  ],
  [
    'sends a page of some proxy for the listing',
    [rule('ListObjectsV2', { type: 'answer 200', body: '<html>' }, { times: always })],
    { kind: 'transient', code: 'BadResponse', untouched: true },
  ],
  [
    'denies schema.dump',
    [rule('GetObject', refuse(403, 'AccessDenied'), { key: 'schema.dump' })],
    { kind: 'permanent', code: 'AccessDenied', untouched: true },
  ],
  [
    'flips a bit of schema.dump on the way',
    [rule('GetObject', { type: 'corrupt answer', at: 500 }, { key: 'schema.dump', times: always })],
    { kind: 'permanent', untouched: true, subject: /schema\.dump/ },
  ],
  [
    'breaks off schema.dump always',
    [rule('GetObject', { type: 'truncate', bytes: 0 }, { key: 'schema.dump', times: always })],
    { kind: 'transient', untouched: true },
  ],
  [
    'answers 500 to units',
    [rule('GetObject', refuse(500, 'InternalError'), { ...unit, times: always })],
    { kind: 'transient', code: 'InternalError', untouched: false, subject: /data\// },
  ],
  [
    'denies a unit',
    [rule('GetObject', refuse(403, 'AccessDenied'), { ...unit, after: 1 })],
    { kind: 'permanent', code: 'AccessDenied', untouched: false },
  ],
  [
    'has lost a unit since it was listed',
    [rule('GetObject', refuse(404, 'NoSuchKey'), unit)],
    { kind: 'permanent', code: 'NoSuchKey', untouched: false },
  ],
  [
    'flips a bit of a unit on the way',
    [rule('GetObject', { type: 'corrupt answer', at: 5_000 }, { ...unit, times: always })],
    { kind: 'permanent', code: 'DAMAGED', untouched: false, subject: /data\// },
  ],
  [
    'resets every connection of units',
    [rule('GetObject', { type: 'reset', when: 'after body' }, { ...unit, times: always })],
    { kind: 'transient', code: 'ECONNRESET', untouched: false },
  ],
  [
    'breaks units off before their first byte',
    [rule('GetObject', { type: 'truncate', bytes: 0 }, { ...unit, times: always })],
    { kind: 'transient', untouched: false },
  ],
  [
    'asks to slow down for ever',
    [rule('GetObject', refuse(503, 'SlowDown'), { ...unit, times: always })],
    { kind: 'transient', code: 'SlowDown', untouched: false },
  ],
  [
    'lets the credentials expire midway',
    [rule('GetObject', refuse(400, 'ExpiredToken'), { ...unit, after: 1, times: always })],
    { kind: 'permanent', code: 'ExpiredToken', untouched: false },
  ],
]

/** What a store does that a restore gets over. */
export const recoveringRestores: [name: string, rule: FaultRule][] = [
  ['one error', rule('GetObject', refuse(500, 'InternalError'), unit)],
  ['a body that breaks off', rule('GetObject', { type: 'truncate', bytes: 100_000 }, { ...unit, times: 5 })],
  ['a request to slow down', rule('GetObject', refuse(503, 'SlowDown'), { ...unit, times: 2 })],
  ['a reset of schema.dump', rule('GetObject', { type: 'reset', when: 'before body' }, { key: 'schema.dump' })],
  ['an error on the listing', rule('ListObjectsV2', refuse(500, 'InternalError'))],
]
