import { appendFile, copyFile, cp, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Manifest, parseManifest, serializeManifest } from '../../functions/archive/manifest.ts'
import type { RestoreFailure } from '../support/restore-bench.ts'
import { useRestoreBench } from '../support/restore-bench.ts'

const bench = useRestoreBench('damaged')

afterEach(() => bench.expectNoTraces())

type Damage = (files: string, manifest: Manifest) => Promise<unknown>

const early = (rest: Omit<RestoreFailure, 'kind' | 'untouched'>): RestoreFailure => ({
  kind: 'permanent',
  untouched: true,
  ...rest,
})
const late = (rest: Omit<RestoreFailure, 'kind' | 'untouched'>): RestoreFailure => ({
  kind: 'permanent',
  untouched: false,
  ...rest,
})
const damaged = { code: 'DAMAGED', hint: /another (copy|set)/ }

/** Flips one bit in the middle of a file. */
async function flip(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const at = Math.floor((await file.stat()).size / 2)
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at)
  await file.close()
}

async function editManifest(files: string, edit: (manifest: Manifest) => void, signed: boolean): Promise<void> {
  const path = join(files, 'manifest.json')
  const manifest = parseManifest(await readFile(path), 'any')
  const before = await readFile(path, 'utf8')
  edit(manifest)
  const after = Buffer.from(serializeManifest(manifest)).toString()
  // Unsigned: the content is new and the checksum is the old one, as after an edit by hand.
  const checksum = (text: string) => text.slice(text.lastIndexOf('"checksum"'))
  await writeFile(path, signed ? after : after.replace(checksum(after), checksum(before)))
}

/** The second unit of the largest table: not the first to be read, and not small. */
const unit = ({ units }: Manifest) => [...units].sort((a, b) => b.bytes - a.bytes)[1]?.file ?? ''
const otherUnit = ({ units }: Manifest) => [...units].sort((a, b) => b.bytes - a.bytes)[2]?.file ?? ''

const damages: [name: string, damage: Damage, expected: RestoreFailure][] = [
  ['no manifest', (files) => rm(join(files, 'manifest.json')), early({ code: 'NoSuchKey', hint: /ballast list/ })],
  [
    'an empty manifest',
    (files) => truncate(join(files, 'manifest.json')),
    early({ message: /manifest of this set is damaged/ }),
  ],
  ['half a manifest', (files) => truncate(join(files, 'manifest.json'), 2000), early({ message: /not a JSON object/ })],
  ['a manifest with a flipped bit', (files) => flip(join(files, 'manifest.json')), early({ message: /damaged/ })],
  [
    'a manifest whose number of rows was edited',
    (files) =>
      editManifest(
        files,
        (manifest) => {
          manifest.summary.rows += 1
        },
        false,
      ),
    early({ message: /checksum/ }),
  ],
  [
    "a manifest that is another set's",
    (files) =>
      editManifest(
        files,
        (manifest) => {
          manifest.summary.set = '2001-01-01T000000Z-other'
        },
        true,
      ),
    early({ message: /belongs to set 2001-01-01T000000Z-other/ }),
  ],
  [
    'a manifest of a later format',
    async (files) => {
      const path = join(files, 'manifest.json')
      await writeFile(path, (await readFile(path, 'utf8')).replace('{"format":1,', '{"format":2,'))
    },
    early({ message: /archive format 2/, hint: /newer Ballast/ }),
  ],
  ['a missing unit', (files, manifest) => rm(join(files, unit(manifest))), early({ ...damaged, message: /\.zst is missing/ })],
  [
    'all units missing',
    (files) => rm(join(files, 'data'), { recursive: true }),
    early({ ...damaged, message: /is missing; / }),
  ],
  [
    'a truncated unit',
    (files, manifest) => truncate(join(files, unit(manifest)), 1000),
    early({ ...damaged, message: /has 1000 bytes instead of/ }),
  ],
  ['an empty unit', (files, manifest) => truncate(join(files, unit(manifest))), early({ ...damaged, message: /has 0 bytes/ })],
  ['a unit with bytes behind it', (files, manifest) => appendFile(join(files, unit(manifest)), 'x'), early(damaged)],
  [
    'a unit that no manifest names',
    (files, manifest) => copyFile(join(files, unit(manifest)), join(files, 'data/999999.zst')),
    early({ ...damaged, message: /is in no manifest/ }),
  ],
  [
    'two units exchanged',
    async (files, manifest) => {
      const [one, other] = [join(files, unit(manifest)), join(files, otherUnit(manifest))]
      await rename(one, `${files}/held`)
      await rename(other, one)
      await rename(`${files}/held`, other)
    },
    early(damaged),
  ],
  ['schema.dump missing', (files) => rm(join(files, 'schema.dump')), early({ ...damaged, message: /schema\.dump is missing/ })],
  ['schema.dump truncated', (files) => truncate(join(files, 'schema.dump'), 2000), early(damaged)],
  [
    'schema.dump with a flipped bit',
    (files) => flip(join(files, 'schema.dump')),
    early({ ...damaged, subject: /schema\.dump/ }),
  ],
  ['globals.sql missing', (files) => rm(join(files, 'globals.sql')), early(damaged)],
  [
    'globals.sql with a flipped bit',
    (files) => flip(join(files, 'globals.sql')),
    early({ ...damaged, subject: /globals\.sql/ }),
  ],
  [
    'a unit with a flipped bit',
    (files, manifest) => flip(join(files, unit(manifest))),
    late({ ...damaged, subject: /data\/\d+\.zst/ }),
  ],
  [
    'a unit of nothing but zeros',
    async (files, manifest) =>
      writeFile(join(files, unit(manifest)), Buffer.alloc((await stat(join(files, unit(manifest)))).size)),
    late({ ...damaged, subject: /data\/\d+\.zst/ }),
  ],
  [
    'a unit that begins with another',
    async (files, manifest) => {
      const bytes = await readFile(join(files, unit(manifest)))
      const other = await readFile(join(files, otherUnit(manifest)))
      other.copy(bytes, 0, 0, Math.min(bytes.length, other.length))
      await writeFile(join(files, unit(manifest)), bytes)
    },
    late({ ...damaged, subject: /data\/\d+\.zst/ }),
  ],
  [
    'a manifest that signs another number of rows',
    (files) =>
      editManifest(
        files,
        (manifest) => {
          const chunk = manifest.tables.find(({ name }) => name === 'orders')?.chunks[0]
          if (chunk !== undefined) chunk.rows += 1
        },
        true,
      ),
    late({ subject: /orders/ }),
  ],
]

describe('a restore of a set with', () => {
  it.each(damages)('%s', async (_, damage, expected) => {
    const { store, files, manifest } = await bench.copySet()
    await damage(files, manifest)
    await bench.fails(expected, await bench.target(), { store, roles: true })
  })

  it('a name that does not exist', async () => {
    const { cluster, database } = bench.manifest.summary
    const address = { cluster, database, set: '2001-01-01T000000Z-none' }
    await bench.fails(early({ code: 'NoSuchKey', hint: /ballast list/ }), await bench.target(), { address })
  })

  it('a name that cannot be one', async () => {
    const { cluster, database } = bench.manifest.summary
    const expected: RestoreFailure = { kind: 'config', untouched: true, hint: /ballast list/ }
    await bench.fails(expected, await bench.target(), { address: { cluster, database, set: '../../etc' } })
  })

  it('no damage at all', async () => {
    const { store, files } = await bench.copySet()
    await cp(join(files, 'restore.sh'), join(files, 'note.txt'))
    const target = await bench.target()
    await bench.restore(target, { store, roles: true })
    await bench.expectRestored(target)
  })

  it('damage, after which a whole copy is restored over it with clean', async () => {
    const { store, files, manifest } = await bench.copySet()
    await flip(join(files, unit(manifest)))
    const target = await bench.target()
    await bench.fails(late(damaged), target, { store })
    await expect(bench.restore(target)).rejects.toMatchObject({
      kind: 'config',
      message: expect.stringContaining('already holds'),
    })
    await bench.restore(target, { clean: true })
    await bench.expectRestored(target)
  })
})
