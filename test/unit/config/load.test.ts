import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { definitionHash, loadCluster } from '../../../config/index.ts'
import { sample } from './sample.ts'

const root = join(import.meta.dirname, '../../..')
const configUrl = pathToFileURL(join(root, 'config/index.ts')).href
const good = `import { defineCluster } from '${configUrl}'\nexport default defineCluster(${JSON.stringify(sample)})\n`

let directory = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ballast-config-'))
})

afterAll(async () => {
  await rm(directory, { recursive: true, force: true })
})

async function written(name: string, text: string): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, text)
  return path
}

/** The message of the error that loading ends in, with the directory's name taken out. */
async function failure(path: string): Promise<string> {
  const error = await loadCluster(path).then(
    () => new Error('it was loaded'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Error)) throw new Error('what was thrown is no error')
  expect(error.name).toBe('ConfigError')
  return error.message.replaceAll(`${directory}/`, '')
}

describe('loading', () => {
  it('reads the reference definition', async () => {
    const cluster = await loadCluster(join(root, 'ballast.config.ts'))
    expect(cluster.name).toBe('shop')
    expect(cluster.nodes.map(({ role }) => role)).toEqual(['docker', 'primary', 'replica', 'replica'])
    expect(cluster.databases.map(({ pool }) => pool.size + pool.reserve)).toEqual([30, 25])
    expect(cluster.backup.schedule.map(({ when }) => when.text)).toEqual(['daily at 03:00', 'every 6 hours'])
    expect(cluster.backup.retention.keep.withinSeconds).toBe(30 * 86_400)
    expect(cluster.backup.stores.map((store) => (store.type === 's3' ? store.region : store.directory))).toEqual([
      'sa-east-1',
      'us-east-1',
      '/mnt/nas/ballast',
    ])
  })

  it('reads the same definition from TypeScript and from JSON', async () => {
    const typed = await loadCluster(await written('good.ts', good))
    const plain = await loadCluster(await written('good.json', JSON.stringify(sample)))
    expect(definitionHash(plain)).toBe(definitionHash(typed))
    expect(Object.isFrozen(plain)).toBe(true)
  })

  it('says which file is missing', async () => {
    expect(await failure(join(directory, 'none.ts'))).toBe(
      'the definition file has 1 problem:\n  none.ts: there is no such file; name it with --config FILE, or copy ballast.config.ts',
    )
  })

  it.each([
    ['none.txt', 'x', "none.txt: '.txt' is no kind of definition; use .ts, .mts, .js, .mjs or .json"],
    [
      'broken.json',
      '{ "name": "hunter2" ',
      'broken.json: is not JSON (position 20); correct it, or write the definition in TypeScript',
    ],
    ['empty.ts', 'export const name = 1\n', 'empty.ts: has no default export; write export default defineCluster({ ... })'],
    [
      'plain.ts',
      `export default ${JSON.stringify(sample)}\n`,
      'plain.ts: its default export was not made by defineCluster; write export default defineCluster({ ... })',
    ],
    [
      'throws.ts',
      "throw new Error('no luck')\n",
      'throws.ts: cannot be imported (no luck); correct it, then check it with: node --check',
    ],
  ])('refuses %s', async (name, text, line) => {
    expect(await failure(await written(name, text))).toBe(`the definition file has 1 problem:\n  ${line}`)
  })

  it('refuses a directory', async () => {
    expect(await failure(directory)).toBe(
      `the definition file has 1 problem:\n  ${directory}: is not a file; name the definition file itself`,
    )
  })

  it('names the file of a bad definition, from TypeScript and from JSON', async () => {
    const lines = "  name: must be small letters, digits and dashes, at most 40; write e.g. 'shop'"
    expect(await failure(await written('bad.ts', good.replace('"name":"shop"', '"name":"My Shop"')))).toBe(
      `bad.ts has 1 problem:\n${lines}`,
    )
    expect(await failure(await written('bad.json', JSON.stringify({ ...sample, name: 'My Shop' })))).toBe(
      `bad.json has 1 problem:\n${lines}`,
    )
  })
})
