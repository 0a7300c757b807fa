import { chmod, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type RenderedFile, renderTemplates } from '../../../packer/render.ts'
import { isOwnDirectory, templateChanges, writeTemplates } from '../../../packer/write.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'

const directory = freshDirectory()
const program = { path: 'primary/root/usr/local/sbin/x', text: '#!/bin/sh\n', executable: true }
const rendered: readonly RenderedFile[] = [...renderTemplates(sampleCluster(), 'shop.ts'), program]
const longAgo = new Date('2020-01-01T00:00:00Z')

async function write(): Promise<Record<string, string[]>> {
  const changes = await templateChanges(directory(), rendered)
  await writeTemplates(directory(), rendered, changes)
  const of = (wanted: string) => changes.filter(({ change }) => change === wanted).map(({ path }) => path)
  return { written: [...of('new'), ...of('changed')], removed: of('removed') }
}

test('writes everything where nothing is, and programs so that they can be run', async () => {
  expect((await write()).written).toHaveLength(rendered.length)
  for (const { path, text, executable } of rendered) {
    expect(await readFile(join(directory(), path), 'utf8')).toBe(text)
    expect((await stat(join(directory(), path))).mode & 0o777).toBe(executable ? 0o755 : 0o644)
  }
})

test('does not touch what is right already', async () => {
  await write()
  const file = join(directory(), 'primary/qemu/image.pkr.json')
  await utimes(file, longAgo, longAgo)
  expect(await write()).toEqual({ written: [], removed: [] })
  expect((await stat(file)).mtime).toEqual(longAgo)
})

test('corrects a text and a mode, and removes what is left over with the directories that this empties', async () => {
  await write()
  const path = (name: string) => join(directory(), name)
  await writeFile(path('docker/qemu/image.pkr.json'), '{}\n')
  await chmod(path(program.path), 0o644)
  await mkdir(path('primary/linode/deep'), { recursive: true })
  await writeFile(path('primary/linode/deep/image.pkr.json'), '{}\n')

  expect(await write()).toEqual({
    written: ['docker/qemu/image.pkr.json', program.path],
    removed: ['primary/linode/deep/image.pkr.json'],
  })
  expect(await readdir(path('primary'))).not.toContain('linode')
  expect(await write()).toEqual({ written: [], removed: [] })
})

test('a directory is known by what was written there', async () => {
  expect(await isOwnDirectory(directory())).toBe(true)
  await mkdir(join(directory(), 'docker'), { recursive: true })
  await writeFile(join(directory(), 'docker/compose.yml'), 'services: {}\n')
  expect(await isOwnDirectory(directory())).toBe(false)
  await write()
  expect(await isOwnDirectory(directory())).toBe(true)
})
