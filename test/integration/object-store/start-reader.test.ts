import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { openStartReader } from '../../../functions/platform/object-store/start-reader.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { parseStoreUrl } from '../../../functions/platform/object-store/store-url.ts'
import { failureOf } from '../../support/failures.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const settings = () => parseStoreUrl(`s3://${sandbox.s3.bucket}/start reader`, sandbox.s3.env, { provider: 'versitygw' })
let store: ObjectStore

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = sandbox.s3.accessKey
  process.env.AWS_SECRET_ACCESS_KEY = sandbox.s3.secretKey
  store = openStore(settings())
  for (const key of odd) await store.put(key, Buffer.from(`${key}: 0123456789`))
})
afterAll(() => store.close())

const odd = ["a b+c/%41'(!)*~.json", 'ação/ü=&?#.json', 'plain']

test.each(odd)('reads the start of %s, exactly as long as asked', async (key) => {
  let ordinary = 0
  const read: ObjectStore['read'] = (...args) => {
    ordinary += 1
    return store.read(...args)
  }
  const watched: ObjectStore = Object.assign(Object.create({}), { read })
  const reader = openStartReader(watched, settings())
  try {
    expect(Buffer.from(await reader.read(key, 7))).toEqual(Buffer.from(`${key}: 0123456789`).subarray(0, 7))
    expect(ordinary).toBe(0)
  } finally {
    reader.close()
  }
})

test('what is missing or too short fails as an ordinary read does', async () => {
  const reader = openStartReader(store, settings())
  try {
    expect(await failureOf(reader.read('nothing', 5))).toMatchObject({ kind: 'permanent', code: 'NoSuchKey' })
    expect(await failureOf(reader.read('plain', 5000))).toMatchObject({ kind: 'permanent', code: 'InvalidRange' })
    expect((await reader.read('plain', 5)).byteLength).toBe(5)
  } finally {
    reader.close()
  }
})

test('a stopped run ends the read', async () => {
  const reader = openStartReader(store, settings())
  try {
    expect(await failureOf(reader.read('plain', 5, AbortSignal.abort()))).toMatchObject({ code: 'Aborted' })
  } finally {
    reader.close()
  }
})
