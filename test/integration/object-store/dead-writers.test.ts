import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { failureOf } from '../../support/failures.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const uploadId = '000001795730000-00000000-0000-4000-8000-000000000001'
const fresh = freshDirectory()
let directory: string
let store: ObjectStore
let version: string

beforeEach(async () => {
  directory = fresh()
  store = openStore({ type: 'file', directory })
  await store.put('state', Buffer.from('before'))
  version = (await store.readSmall('state'))?.version ?? ''
})

/** What a writer leaves that was killed after it had claimed to be the successor. */
async function claimAndDie({ text }: { text?: string }): Promise<void> {
  const folder = join(directory, '.ballast-uploads', uploadId)
  await mkdir(folder, { recursive: true })
  if (text !== undefined) await writeFile(join(folder, 'data'), text)
  const name = createHash('sha256')
    .update(`${join(directory, 'state')}\n${version}`)
    .digest('hex')
  await writeFile(join(directory, '.ballast-uploads', `successor-${name}`), uploadId)
}

const now = async (): Promise<string> => Buffer.from((await store.readSmall('state'))?.bytes ?? []).toString()
const claims = async (): Promise<string[]> =>
  (await readdir(join(directory, '.ballast-uploads'))).filter((name) => name.startsWith('successor-'))

test('the next writer finishes what a killed one had claimed, and is told that the object has changed', async () => {
  await claimAndDie({ text: 'of the dead' })
  const failure = await failureOf(store.put('state', Buffer.from('mine'), { ifVersion: version }))
  expect(failure).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
  expect(await now()).toBe('of the dead')
  expect(await claims()).toEqual([])
})

test('a claim whose upload was swept bars the object for one try only', async () => {
  await claimAndDie({})
  expect(await failureOf(store.put('state', Buffer.from('mine'), { ifVersion: version }))).toMatchObject({
    code: 'PreconditionFailed',
  })
  expect(await now()).toBe('before')
  await store.put('state', Buffer.from('mine'), { ifVersion: version })
  expect(await now()).toBe('mine')
  expect(await claims()).toEqual([])
})
