import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findK6, requireK6 } from '../../../tools/k6/find.ts'
import { failureOf } from '../../support/failures.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const directory = freshDirectory()
const { HOME = '', XDG_CACHE_HOME } = process.env
const cache = XDG_CACHE_HOME === undefined ? { HOME } : { HOME, XDG_CACHE_HOME }
const nothingBuilt = () => ({ HOME: directory(), XDG_CACHE_HOME: join(directory(), 'cache') })

/** A program that says it is this k6, in a directory of its own. */
async function k6That(says: string): Promise<string> {
  const path = join(directory(), says.replaceAll(' ', '-'), 'k6')
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `#!/bin/sh\necho '${says}'\n`, { mode: 0o755 })
  return path
}

test('the one that the set-up built says the version that is pinned', async () => {
  expect(await findK6({ PATH: '', ...cache })).toEqual({ path: expect.stringMatching(/\/k6$/), version: '1.8.1' })
})

test('one from PATH comes before it, and one that is too old is passed over', async () => {
  const [old, newer] = [await k6That('k6 v0.57.0 (linux)'), await k6That('k6 v2.3.0 (linux)')]
  const PATH = [old, newer].map((path) => dirname(path)).join(':')
  expect(await findK6({ PATH, ...cache })).toEqual({ path: newer, version: '2.3.0' })
  expect(await findK6({ PATH: dirname(old), ...cache })).toMatchObject({ version: '1.8.1' })
})

test('where there is none, the command that builds it is named', async () => {
  const old = await k6That('k6 v0.57.0 (linux)')
  const failure = await failureOf(requireK6({ PATH: dirname(old), ...nothingBuilt() }))
  expect(failure).toMatchObject({ kind: 'config', subject: 'k6', hint: expect.stringContaining('tools/setup --handover') })
})
