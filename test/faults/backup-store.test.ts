import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { restoreScriptFile } from '../../functions/archive/keys.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import type { Fault, FaultRule } from '../support/s3-fault.ts'
import { storeContent } from '../support/store-content.ts'

const bench = useBackupBench('store')
const always = Number.POSITIVE_INFINITY
const refuse = (status: number, code: string): Fault => ({ type: 'refuse', status, code })
const rule = (operation: FaultRule['operation'], fault: Fault, rest: Partial<FaultRule> = {}): FaultRule => ({
  operation,
  fault,
  ...rest,
})
const errorBody = '<Error><Code>InternalError</Code><Message>We failed after all</Message></Error>'

// The engine's own patience is part of what is tested, so these wait; side by side they wait together.
afterAll(() => bench.expectNoTraces())

const failing: [name: string, rules: FaultRule[], expected: ExpectedFailure][] = [
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

const recovering: [name: string, rule: FaultRule][] = [
  ['an error', rule('PutObject', refuse(500, 'InternalError'), { times: 3 })],
  ['a request to slow down', rule('PutObject', refuse(503, 'SlowDown'), { times: 2 })],
  ['a reset', rule('PutObject', { type: 'reset', when: 'before body' }, { times: 2 })],
  ['an error on a part', rule('UploadPart', refuse(500, 'InternalError'))],
  ['an error within a 200 on completion', rule('CompleteMultipartUpload', { type: 'answer 200', body: errorBody })],
  ['a lost answer to a unit', rule('PutObject', { type: 'reset', when: 'after work' }, { key: 'data/' })],
  ['a lost answer to the manifest', rule('PutObject', { type: 'reset', when: 'after work' }, { key: 'manifest.json' })],
  ['an error on the manifest', rule('PutObject', refuse(500, 'InternalError'), { key: 'manifest.json' })],
]

describe.concurrent('a backup into a store that', () => {
  it.each(failing)('%s', async (_, rules, expected) => {
    const one = await bench.begin()
    for (const each of rules) one.proxy.inject(each)
    await one.fails(expected)
  })

  it('does not exist', async () => {
    const one = await bench.begin()
    await one.fails({ kind: 'permanent', code: 'NoSuchBucket' }, { store: { ...one.store, bucket: 'no-such-bucket' } })
  })

  it('is not reachable', async () => {
    const one = await bench.begin()
    const store = { ...one.store, endpoint: 'http://127.0.0.1:9' }
    await one.fails({ kind: 'transient', code: 'ECONNREFUSED' }, { store })
  })

  it('goes away midway', async () => {
    const one = await bench.begin()
    one.proxy.inject(rule('PutObject', { type: 'meanwhile', run: () => one.proxy.stop() }, { key: 'data/', after: 1 }))
    await one.fails({ kind: 'transient' })
  })

  it.each([
    ['does not know the access key', 'unknown', 'InvalidAccessKeyId'],
    ['finds the secret key wrong', 'wrong', 'SignatureDoesNotMatch'],
  ])('%s', async (_, awsProfile, code) => {
    const one = await bench.begin()
    await one.fails({ kind: 'permanent', code, hint: /AWS_|key/ }, { store: { ...one.store, awsProfile } })
  })

  it('loses its bucket midway', async () => {
    const one = await bench.begin()
    const bucket = `gone-${Date.now()}`
    const { rm, mkdir, chown, stat } = await import('node:fs/promises')
    const path = join(bench.sandbox.s3.objectsDirectory, bucket)
    const owner = await stat(bench.sandbox.s3.objectsDirectory)
    await mkdir(path)
    await chown(path, owner.uid, owner.gid)
    one.proxy.inject(
      rule('PutObject', { type: 'meanwhile', run: () => rm(path, { recursive: true, force: true }) }, { key: 'data/' }),
    )
    await one.fails({ kind: 'permanent', code: 'NoSuchBucket' }, { store: { ...one.store, bucket } })
  })

  it('holds another run’s manifest under the same name when it comes to that', async () => {
    const one = await bench.begin()
    const theirs = async (): Promise<void> => {
      const key = one.proxy.requests.find(({ key: asked }) => asked.endsWith('manifest.json'))?.key ?? ''
      await one.truth.put(key.slice(one.prefix.length + 1), Buffer.from('{"format":1}'))
    }
    one.proxy.inject(rule('PutObject', { type: 'meanwhile', run: theirs }, { key: 'manifest.json' }))
    await expect(one.backup()).rejects.toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    expect((await one.sets()).map(({ state }) => state)).toEqual(['damaged'])
    expect((await storeContent(one.truth)).pending).toEqual([])
  })
})

describe('a backup gets over', () => {
  it.each(recovering)('%s', async (_, fault) => {
    const one: BackupCase = await bench.begin()
    one.proxy.inject(fault)
    await one.expectWholeSet(await one.backup())
  })
})

beforeAll(async () => {
  const { accessKey, secretKey } = bench.sandbox.s3
  const profile = (name: string, id: string, secret: string) =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`
  const path = join(bench.directory, 'credentials')
  await writeFile(path, profile('unknown', 'AKIDUNKNOWN', secretKey) + profile('wrong', accessKey, 'wrong'))
  process.env.AWS_SHARED_CREDENTIALS_FILE = path
})
