import { existsSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { startS3Server } from '../../../sandbox/s3-server.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { processesOf } from '../../support/processes.ts'
import { useSandbox } from '../../support/sandbox.ts'

const directory = freshDirectory()
const sandbox = useSandbox()

afterEach(() => vi.unstubAllEnvs())

test('an object stored in the sandbox comes back byte for byte, and only its credentials open the bucket', async () => {
  for (const [name, value] of Object.entries(sandbox.s3.env)) vi.stubEnv(name, value)
  const { bucket, region, endpoint } = sandbox.s3
  const settings = { type: 's3', bucket, prefix: 'round-trip', region, endpoint } as const
  const store = openStore(settings)
  const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251))
  try {
    await store.put('some/object', body)
    expect(Buffer.concat(await Array.fromAsync(store.read('some/object')))).toEqual(body)
  } finally {
    store.close()
  }

  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wrong')
  const stranger = openStore(settings)
  await expect(stranger.head('some/object')).rejects.toMatchObject({ kind: 'permanent' })
  stranger.close()
})

test('an S3 server of its own has the buckets asked for, and goes with its directory', async () => {
  const server = await startS3Server({ directory: directory(), bucket: 'first' })
  try {
    for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value)
    await server.createBucket('second')
    for (const bucket of ['first', 'second']) {
      const store = openStore({ type: 's3', bucket, prefix: '', region: server.region, endpoint: server.endpoint })
      await store.put('object', Buffer.from(bucket))
      expect(await store.head('object')).toMatchObject({ bytes: bucket.length })
      store.close()
    }
  } finally {
    await server.stop()
  }
  expect(await processesOf(directory())).toEqual([])
  expect(existsSync(directory())).toBe(false)
})
