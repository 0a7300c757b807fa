import { chmod, link, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { digestTree } from '../../../../functions/images/tree/tree-digest.ts'
import { walkTree } from '../../../../functions/images/tree/walk-tree.ts'
import { freshDirectory } from '../../../support/fresh-directory.ts'

const root = freshDirectory()

beforeEach(async () => {
  await mkdir(join(root(), 'etc/app'), { recursive: true })
  await mkdir(join(root(), 'proc/self'), { recursive: true })
  await writeFile(join(root(), 'etc/app/one'), 'first')
  await writeFile(join(root(), 'etc/app/two'), 'second')
  await symlink('/etc/app/one', join(root(), 'etc/current'))
})

const changes: Record<string, () => Promise<unknown>> = {
  content: () => writeFile(join(root(), 'etc/app/one'), 'First'),
  mode: () => chmod(join(root(), 'etc/app/one'), 0o600),
  name: () => rename(join(root(), 'etc/app/one'), join(root(), 'etc/app/three')),
  'a file more': () => writeFile(join(root(), 'etc/app/empty'), ''),
  'a directory more': () => mkdir(join(root(), 'etc/empty')),
  'a link elsewhere': async () => {
    await rm(join(root(), 'etc/current'))
    await symlink('/etc/app/two', join(root(), 'etc/current'))
  },
  'a file in place of a link': async () => {
    await rm(join(root(), 'etc/current'))
    await writeFile(join(root(), 'etc/current'), '/etc/app/one')
  },
}

test('counts what it read, and says the same of the same files, whenever they were written', async () => {
  const digest = await digestTree(root())
  expect(digest).toEqual({ entries: 6, bytes: 11, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
  await utimes(join(root(), 'etc/app/one'), 1, 1)
  await writeFile(join(root(), 'proc/self/status'), 'running')
  await writeFile(join(root(), 'etc/app/one'), 'first')
  expect(await digestTree(root())).toEqual(digest)
})

test.each(Object.entries(changes))('%s changes the digest', async (_what, change) => {
  const before = await digestTree(root())
  await change()
  expect((await digestTree(root())).sha256).not.toBe(before.sha256)
})

test('a tree is walked in the same order whatever order its entries were made in', async () => {
  await link(join(root(), 'etc/app/two'), join(root(), 'etc/app/a'))
  const paths: string[] = []
  for await (const { path } of walkTree(root())) paths.push(path)
  expect(paths).toEqual(['/etc', '/proc', '/etc/app', '/etc/current', '/etc/app/a', '/etc/app/one', '/etc/app/two'])
})
