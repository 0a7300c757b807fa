import { restoreScriptFile } from '../../../functions/archive/keys.ts'
import type { ExpectedFailure } from '../../support/backup-case.ts'
import type { FaultRule } from '../../support/s3-fault.ts'
import { always, errorBody, refuse, rule } from './rules.ts'

/** What a store does to a backup, and how the backup must then end. */
export const failingBackups: [name: string, rules: FaultRule[], expected: ExpectedFailure][] = [
  [
    'answers nothing, ever',
    [rule('PutObject', { type: 'stall' }, { times: always, key: 'data/' })],
    { kind: 'transient', code: 'TimeoutError', subject: /data\/\d+\.zst/ },
  ],
  [
    'answers 500 to every object',
    [rule('PutObject', refuse(500, 'InternalError'), { times: always })],
    { kind: 'transient', code: 'InternalError', subject: /^s3:\/\/.*/ },
  ],
  [
    'asks to slow down for ever',
    [rule('PutObject', refuse(503, 'SlowDown'), { times: always })],
    { kind: 'transient', code: 'SlowDown', hint: /fewer workers/ },
  ],
  [
    'resets every connection',
    [rule('PutObject', { type: 'reset', when: 'after body' }, { times: always })],
    { kind: 'transient', code: 'ECONNRESET' },
  ],
  [
    'gets other bytes than were sent',
    [rule('PutObject', { type: 'corrupt request', at: 100 }, { times: always, key: 'data/' })],
    { kind: 'transient', code: 'BadDigest' },
  ],
  [
    'denies the rows',
    [rule('PutObject', refuse(403, 'AccessDenied'), { key: 'data/' })],
    { kind: 'permanent', code: 'AccessDenied' },
  ],
  [
    'denies uploads in parts',
    [rule('CreateMultipartUpload', refuse(403, 'AccessDenied'))],
    { kind: 'permanent', code: 'AccessDenied' },
  ],
  [
    'denies a part',
    [rule('UploadPart', refuse(403, 'AccessDenied'), { after: 1 })],
    { kind: 'permanent', code: 'AccessDenied' },
  ],
  [
    'answers 500 to every part',
    [rule('UploadPart', refuse(500, 'InternalError'), { times: always })],
    { kind: 'transient', code: 'InternalError' },
  ],
  [
    'fails every completion within a 200',
    [rule('CompleteMultipartUpload', { type: 'answer 200', body: errorBody }, { times: always })],
    { kind: 'transient', code: 'InternalError' },
  ],
  [
    'lost an upload in parts',
    [rule('CompleteMultipartUpload', refuse(404, 'NoSuchUpload'), { times: always })],
    { kind: 'transient', code: 'NoSuchUpload' },
  ],
  [
    'lets the credentials expire midway',
    [rule('PutObject', refuse(400, 'ExpiredToken'), { after: 2, times: always })],
    { kind: 'permanent', code: 'ExpiredToken', hint: /credentials|token/i },
  ],
  [
    'is full',
    [rule('PutObject', refuse(507, 'XMinioStorageFull'), { after: 1, times: always })],
    { kind: 'permanent', code: 'InsufficientStorage', hint: /prune/ },
  ],
  [
    'is over its quota',
    [rule('PutObject', refuse(403, 'QuotaExceeded'), { after: 1, times: always })],
    { kind: 'permanent', code: 'QuotaExceeded' },
  ],
  [
    'denies the schema',
    [rule('PutObject', refuse(403, 'AccessDenied'), { key: 'schema.dump' })],
    { kind: 'permanent', subject: /schema\.dump/ },
  ],
  [
    'denies the globals',
    [rule('PutObject', refuse(403, 'AccessDenied'), { key: 'globals.sql' })],
    { kind: 'permanent', subject: /globals\.sql/ },
  ],
  [
    'denies restore.sh',
    [rule('PutObject', refuse(403, 'AccessDenied'), { key: restoreScriptFile })],
    { kind: 'permanent', subject: /restore\.sh/ },
  ],
  [
    'denies the manifest',
    [rule('PutObject', refuse(403, 'AccessDenied'), { key: 'manifest.json' })],
    { kind: 'permanent', subject: /manifest\.json/ },
  ],
  [
    'answers 500 to the manifest for ever',
    [rule('PutObject', refuse(500, 'InternalError'), { key: 'manifest.json', times: always })],
    { kind: 'transient', code: 'InternalError', subject: /manifest\.json/ },
  ],
  [
    'has a manifest under this name already',
    [rule('PutObject', refuse(412, 'PreconditionFailed'), { key: 'manifest.json' })],
    { kind: 'permanent', code: 'PreconditionFailed', subject: /manifest\.json/ },
  ],
  [
    'sends the page of some proxy instead',
    [rule('PutObject', { type: 'answer 200', body: '<html>Log in</html>' }, { times: always })],
    { kind: 'transient', code: 'BadResponse' },
  ],
]

/** What a store does that a backup gets over. */
export const recoveringBackups: [name: string, rule: FaultRule][] = [
  ['an error', rule('PutObject', refuse(500, 'InternalError'), { times: 3 })],
  ['a request to slow down', rule('PutObject', refuse(503, 'SlowDown'), { times: 2 })],
  ['a reset', rule('PutObject', { type: 'reset', when: 'before body' }, { times: 2 })],
  ['an error on a part', rule('UploadPart', refuse(500, 'InternalError'))],
  ['an error within a 200 on completion', rule('CompleteMultipartUpload', { type: 'answer 200', body: errorBody })],
  ['a lost answer to a unit', rule('PutObject', { type: 'reset', when: 'after work' }, { key: 'data/' })],
  ['a lost answer to the manifest', rule('PutObject', { type: 'reset', when: 'after work' }, { key: 'manifest.json' })],
  ['an error on the manifest', rule('PutObject', refuse(500, 'InternalError'), { key: 'manifest.json' })],
]
