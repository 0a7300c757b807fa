import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, GetObjectTaggingCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { refuseArchived } from '../../../functions/archive/archived-files.ts'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { setPrefix } from '../../../functions/archive/keys.ts'
import { copySet } from '../../../functions/copies/copy-set.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { S3Settings } from '../../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { thawSet } from '../../../functions/restore/thaw.ts'
import { collect, patternBytes } from '../../support/bytes.ts'
import { failureOf } from '../../support/failures.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { address, useFileStore } from '../../support/stored-sets.ts'
import { storeWholeSet } from '../../support/whole-sets.ts'

let moto: Moto
let client: S3Client
let bucket = ''
const of = address('2026-05-22T060000Z-daily')
const prefix = setPrefix(of)
const sizes = { 'schema.dump': 900, 'globals.sql': 70, 'data/000001.zst': 5_000 }
const plain = useFileStore()

beforeAll(async () => {
  moto = await startMoto()
  const credentials = { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto-secret' }
  client = new S3Client({ endpoint: moto.endpoint, region: 'us-east-1', forcePathStyle: true, credentials })
}, 120_000)
afterAll(async () => {
  client?.destroy()
  await moto?.stop()
})
beforeEach(async () => {
  bucket = `b-${randomUUID()}`
  await client.send(new CreateBucketCommand({ Bucket: bucket }))
})

/** Moto gives no checksums of objects in parts as S3 does: it is treated as a store that nothing is known of. */
function open(changed: Partial<S3Settings> = {}): ObjectStore {
  const base = { type: 's3', bucket, prefix: '', endpoint: moto.endpoint, region: 'us-east-1', provider: 'generic' } as const
  return openStore({ ...base, keyPair: { accessKeyId: 'AKIAMOTO', secretAccessKey: 'moto-secret' }, ...changed })
}

const classOf = async (key: string): Promise<string> =>
  (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).StorageClass ?? 'STANDARD'

/** Moves an object into an archive class, as a lifecycle rule does. */
async function archive(file: string): Promise<void> {
  const Body = await collect(open().read(prefix + file))
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + file, Body, StorageClass: 'DEEP_ARCHIVE' }))
}

describe('the class of a store', () => {
  test('holds for what is uploaded, in one request or in parts, and not for what is put', async () => {
    const store = open({ storageClass: 'STANDARD_IA', tagContents: true })
    for (const [key, size] of [
      ['small', 1000],
      ['large', 20_000_000],
    ] as const) {
      const upload = store.upload(key)
      await upload.write(patternBytes(size))
      await upload.finish()
      expect(await classOf(key)).toBe('STANDARD_IA')
      const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }))
      expect(TagSet).toEqual([{ Key: 'ballast', Value: 'content' }])
    }
    await store.put('manifest.json', patternBytes(1000))
    expect(await classOf('manifest.json')).toBe('STANDARD')
    expect((await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: 'manifest.json' }))).TagSet).toEqual([])
  })

  test('a copy puts rows, schema and roles there, and leaves what says what it is readable', async () => {
    await storeWholeSet(plain.store(), of, sizes)
    const target = open({ storageClass: 'GLACIER_IR' })
    await copySet({ source: plain.store(), target, address: of }, () => undefined)
    const classes: Record<string, string> = {}
    for await (const { objects } of target.list(prefix)) {
      for (const { key } of objects) classes[key.slice(prefix.length).replace(/\d{8}T\d{6}Z/, 'T')] = await classOf(key)
    }
    expect(classes).toEqual({
      ...{ 'data/000001.zst': 'GLACIER_IR', 'globals.sql': 'GLACIER_IR', 'schema.dump': 'GLACIER_IR' },
      ...{ 'manifest.json': 'STANDARD', 'restore.sh': 'STANDARD', 'evidence/T-copied.json': 'STANDARD' },
    })
  })
})

describe('a set whose rows were archived', () => {
  beforeEach(async () => {
    await storeWholeSet(open(), of, sizes)
    await archive('data/000001.zst')
  })

  test('is listed as any other', async () => {
    expect(await listSets(open(), {})).toMatchObject([{ state: 'complete', address: of }])
  })

  test('cannot be read, and says so with the command that helps, before anything is changed', async () => {
    expect(await failureOf(collect(open().read(`${prefix}data/000001.zst`)))).toMatchObject({
      kind: 'permanent',
      code: 'InvalidObjectState',
      hint: expect.stringContaining('ballast thaw'),
    })
    expect(await failureOf(refuseArchived(open(), of))).toMatchObject({
      kind: 'permanent',
      code: 'ARCHIVED',
      message: `set ${of.set} is archived: 1 of its objects must be thawed first (data/000001.zst)`,
      hint: expect.stringContaining(`ballast thaw ${of.set}`),
    })
    const copying = copySet({ source: open(), target: plain.store(), address: of }, () => undefined)
    expect(await failureOf(copying)).toMatchObject({ code: 'ARCHIVED' })
    for await (const { objects } of plain.store().list('')) expect(objects).toEqual([])
  })

  test('is thawed once, and can be read then', async () => {
    const options = { days: 3, tier: 'Bulk' } as const
    expect(await thawSet(open(), of, options)).toEqual({ ready: 0, thawing: 0, requested: 1 })
    // Moto thaws at once; asked again, there is nothing to ask for.
    expect(await thawSet(open(), of, options)).toEqual({ ready: 1, thawing: 0, requested: 0 })
    await refuseArchived(open(), of)
    expect(await copySet({ source: open(), target: plain.store(), address: of }, () => undefined)).toMatchObject({
      sentObjects: 4,
    })
  })
})
