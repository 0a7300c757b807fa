import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type KeptDirectories, keepDirectory, keptDirectory } from '../../../../functions/images/base/kept-directories.ts'

let kept: KeptDirectories
beforeEach(async () => {
  kept = { parent: join(await mkdtemp(join(tmpdir(), 'ballast-test-')), 'kept'), limit: 2 }
})
afterEach(() => rm(join(kept.parent, '..'), { recursive: true, force: true }))

const make = (content: string) => async (directory: string) => await writeFile(join(directory, 'file'), content)
const age = (name: string, seconds: number) => {
  const then = new Date(Date.now() - seconds * 1000)
  return utimes(join(kept.parent, name), then, then)
}

test('what was made is kept, and made again in its place', async () => {
  expect(await keptDirectory(kept, 'one')).toBeUndefined()
  const made = await keepDirectory(kept, 'one', make('first'))
  expect(await keptDirectory(kept, 'one')).toBe(made)
  await keepDirectory(kept, 'one', make('second'))
  expect(await readFile(join(made, 'file'), 'utf8')).toBe('second')
})

test('a run that fails leaves nothing behind, and what was there before', async () => {
  const made = await keepDirectory(kept, 'one', make('first'))
  await expect(keepDirectory(kept, 'one', () => Promise.reject(new Error('no space')))).rejects.toThrow('no space')
  expect(await readFile(join(made, 'file'), 'utf8')).toBe('first')
  expect(await readdir(kept.parent)).toEqual(['one'])
})

test('of too many, those unused for longest go; using one keeps it', async () => {
  await keepDirectory(kept, 'old', make('old'))
  await keepDirectory(kept, 'used', make('used'))
  await Promise.all([age('old', 100), age('used', 200)])
  await keptDirectory(kept, 'used')
  await keepDirectory(kept, 'new', make('new'))
  expect((await readdir(kept.parent)).sort()).toEqual(['new', 'used'])
})

test('unfinished directories go when nobody can still be working on them', async () => {
  await keepDirectory(kept, 'one', make('one'))
  for (const name of ['.unfinished-young', '.unfinished-abandoned']) await mkdir(join(kept.parent, name))
  await age('.unfinished-abandoned', 25 * 60 * 60)
  await keepDirectory(kept, 'two', make('two'))
  expect((await readdir(kept.parent)).sort()).toEqual(['.unfinished-young', 'one', 'two'])
})
