import { chmod, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Finding } from '../../../functions/archive/evidence.ts'
import type { Manifest } from '../../../functions/archive/manifest.ts'
import { addDigests } from '../../../functions/archive/row-digest.ts'
import { failureOf } from '../../support/failures.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { makeVerifyBench, removeVerifyBench, type VerifyBench } from '../../support/verify-bench.ts'

const sandbox = useSandbox()
let healthy: VerifyBench

beforeAll(async () => {
  await sandbox.createDatabase('verify_damage')
  await sandbox.psql(
    sandbox.primary.url('verify_damage'),
    `CREATE TABLE first AS SELECT n AS id, md5(n::text) || md5((n * 7)::text) AS t FROM generate_series(1, 150000) n;
     CREATE TABLE second AS SELECT n AS id, md5((n * 3)::text) || md5((n * 11)::text) AS t FROM generate_series(1, 151000) n;
     CREATE TABLE small AS SELECT n AS id FROM generate_series(1, 10) n`,
  )
  healthy = await makeVerifyBench(sandbox.backupUrl('verify_damage'), sandbox.pgBin)
})

afterAll(() => removeVerifyBench(healthy))

const unit = 'data/000001.zst'

async function flipByte(path: string, at: (length: number) => number): Promise<void> {
  const bytes = await readFile(path)
  const index = at(bytes.length)
  bytes[index] = (bytes[index] ?? 0) ^ 0x01
  await writeFile(path, bytes)
}

const middle = (length: number): number => Math.floor(length / 2)

interface Damage {
  name: string
  damage: (set: VerifyBench) => Promise<void>
  finding: Partial<Finding> | { subject: string; problem: unknown }
  /** Seen by looking at the set, so that no server was started for it. */
  early: boolean
}

const damages: Damage[] = [
  {
    name: 'a flipped byte in a unit',
    damage: (set) => flipByte(set.path(unit), middle),
    finding: { subject: unit, problem: expect.stringContaining('is damaged') },
    early: false,
  },
  {
    name: 'a flipped byte at the end of a unit',
    damage: (set) => flipByte(set.path(unit), (length) => length - 1),
    finding: { subject: unit, problem: expect.stringContaining('is damaged') },
    early: false,
  },
  {
    name: 'a truncated unit',
    damage: async (set) => truncate(set.path(unit), (await readFile(set.path(unit))).length - 1),
    finding: { subject: unit, problem: expect.stringMatching(/^has \d+ bytes instead of \d+$/) },
    early: true,
  },
  {
    name: 'a missing unit',
    damage: (set) => rm(set.path(unit)),
    finding: { subject: unit, problem: 'is missing' },
    early: true,
  },
  {
    name: 'swapped units',
    damage: async (set) => {
      await rename(set.path(unit), set.path('data/swap'))
      await rename(set.path('data/000002.zst'), set.path(unit))
      await rename(set.path('data/swap'), set.path('data/000002.zst'))
    },
    finding: { subject: unit, problem: expect.stringMatching(/is damaged|has \d+ bytes/) },
    early: false,
  },
  {
    name: 'an extra unit',
    damage: (set) => writeFile(set.path('data/999999.zst'), 'x'),
    finding: { subject: 'data/999999.zst', problem: 'is in no manifest' },
    early: true,
  },
  {
    name: 'a flipped byte in schema.dump',
    damage: (set) => flipByte(set.path('schema.dump'), middle),
    finding: { subject: 'schema.dump', problem: expect.stringContaining('is damaged') },
    early: false,
  },
  {
    name: 'a flipped byte in globals.sql',
    damage: (set) => flipByte(set.path('globals.sql'), middle),
    finding: { subject: 'globals.sql', problem: expect.stringContaining('is damaged') },
    early: false,
  },
  {
    name: 'an edited restore.sh',
    damage: (set) => flipByte(set.path('restore.sh'), middle),
    finding: { subject: 'restore.sh', problem: expect.stringContaining('not the script') },
    early: true,
  },
  {
    name: 'a missing restore.sh',
    damage: (set) => rm(set.path('restore.sh')),
    finding: { subject: 'restore.sh', problem: 'is missing' },
    early: true,
  },
  {
    name: 'an edited manifest',
    damage: async (set) => {
      const text = await readFile(set.path('manifest.json'), 'utf8')
      await writeFile(set.path('manifest.json'), text.replace('"rows": 10,', '"rows": 11,'))
    },
    finding: { subject: 'manifest.json', problem: expect.stringContaining('its checksum does not match') },
    early: true,
  },
  {
    name: 'a manifest that is no JSON any more',
    damage: (set) => truncate(set.path('manifest.json'), 500),
    finding: { subject: 'manifest.json', problem: expect.stringContaining('is damaged') },
    early: true,
  },
  edited('the rows of one table', (manifest) => (tableOf(manifest, 'small').rows += 1), {
    finding: { subject: 'manifest.json', problem: 'contradicts itself: rows of all tables' },
    early: true,
  }),
  edited('the rows of a table wherever they stand', addOneRow, {
    finding: { subject: 'table "public"."small"', problem: expect.stringContaining('took 10 rows of a chunk that holds 11') },
    early: false,
  }),
  edited('a digest', changeDigest, {
    finding: { subject: 'table public.small', problem: 'holds as many rows as the source did, and not the same' },
    early: false,
  }),
  edited('the digest of the large objects', (manifest) => (manifest.largeObjects.digest = '0000000000000001'), {
    finding: { subject: 'large objects', problem: 'differ from what the source held' },
    early: false,
  }),
  edited('a table taken out', takeOut, {
    finding: { subject: 'manifest.json', problem: expect.stringContaining('do not make up its') },
    early: true,
  }),
  edited('the hash of a whole unit', (manifest) => (unitOf(manifest, unit).sha256 = 'a'.repeat(64)), {
    finding: { subject: unit, problem: expect.stringContaining('is damaged') },
    early: false,
  }),
  edited('a sequence more', (manifest) => manifest.sequences.push({ schema: 'public', name: 'nowhere' }), {
    finding: { subject: 'sequence public.nowhere', problem: 'is missing in the restored database' },
    early: false,
  }),
  edited('a comment', (manifest) => (manifest.databaseProperties.comment = 'never said'), {
    finding: { subject: 'globals.sql', problem: 'says otherwise of the database itself than the manifest' },
    early: false,
  }),
]

function edited(what: string, edit: (manifest: Manifest) => unknown, rest: Pick<Damage, 'finding' | 'early'>): Damage {
  return { name: `a manifest edited and signed anew: ${what}`, damage: (set) => set.editManifest((m) => void edit(m)), ...rest }
}

function tableOf(manifest: Manifest, name: string): Manifest['tables'][number] {
  const table = manifest.tables.find((one) => one.name === name)
  if (table === undefined) throw new Error(`no table ${name}`)
  return table
}

function unitOf(manifest: Manifest, file: string): Manifest['units'][number] {
  const found = manifest.units.find((one) => one.file === file)
  if (found === undefined) throw new Error(`no unit ${file}`)
  return found
}

function addOneRow(manifest: Manifest): void {
  const table = tableOf(manifest, 'small')
  const [chunk] = table.chunks
  if (chunk === undefined) throw new Error('the table has no chunk')
  chunk.rows += 1
  table.rows += 1
  manifest.summary.rows += 1
}

function changeDigest(manifest: Manifest): void {
  const table = tableOf(manifest, 'small')
  table.digest = addDigests(table.digest, '0000000000000001')
}

function takeOut(manifest: Manifest): void {
  const table = tableOf(manifest, 'small')
  manifest.tables = manifest.tables.filter((one) => one !== table)
  manifest.summary.tables -= 1
  manifest.summary.rows -= table.rows
  manifest.summary.rawBytes -= table.rawBytes
}

describe('a damaged set', () => {
  test.each(damages)('$name is found', async ({ name, damage, finding, early }) => {
    const set = healthy.copy(name.replace(/\W+/g, '-'))
    await damage(set)
    const report = await set.verify()
    expect(report.equal).toBe(false)
    expect(report.findings).toContainEqual(expect.objectContaining(finding))
    expect((await set.evidence()).map((file) => file.slice(-15))).toEqual(['-different.json'])
    if (early) expect(report.restoredInto).toBeUndefined()
    expect(await set.leftovers()).toEqual([])
  })

  test('that is not there at all is a failure, not a finding', async () => {
    const address = { ...healthy.address, set: '2020-01-01T000000Z-none' }
    expect(await failureOf(healthy.verify({ address }))).toMatchObject({ kind: 'permanent', code: 'NoSuchKey' })
  })
})

describe('what keeps from verifying', () => {
  test('a locale that this machine lacks is a note, and equality of the locale is not claimed', async () => {
    const set = healthy.copy('locale')
    await set.editManifest((manifest) => {
      manifest.databaseProperties.collate = 'xx_XX.UTF-8'
      manifest.databaseProperties.ctype = 'xx_XX.UTF-8'
    })
    const report = await set.verify()
    expect(report).toMatchObject({ equal: true, notes: [expect.stringContaining('xx_XX.UTF-8 does not exist here')] })
    expect(report.compared.databaseProperties).toBe(6)
  })

  test('too small a disk is refused before anything is started', async () => {
    const set = healthy.copy('disk')
    await set.editManifest((manifest) => {
      const huge = 10 ** 15
      tableOf(manifest, 'small').rawBytes += huge
      manifest.summary.rawBytes += huge
      const [chunk] = tableOf(manifest, 'small').chunks
      if (chunk !== undefined) chunk.rawBytes += huge
    })
    const failure = await failureOf(set.verify())
    expect(failure).toMatchObject({ kind: 'permanent', code: 'ENOSPC', subject: set.scratch })
    expect(failure.hint).toContain('BALLAST_SCRATCH_DIR')
    expect(await set.evidence()).toEqual([])
  })

  test('a run that is interrupted claims nothing and leaves nothing', async () => {
    const set = healthy.copy('interrupted')
    const abort = new AbortController()
    const work = set.verify({
      signal: abort.signal,
      onProgress: ({ phase }) => {
        if (phase === 'rows') abort.abort()
      },
    })
    expect(await failureOf(work)).toMatchObject({ kind: 'transient' })
    expect(await set.evidence()).toEqual([])
    expect(await set.leftovers()).toEqual([])
  })

  test('a scratch directory that does not exist is named', async () => {
    const env = { ...healthy.env, BALLAST_SCRATCH_DIR: '/nonexistent/scratch' }
    expect(await failureOf(healthy.verify({ env }))).toMatchObject({ kind: 'config', subject: '/nonexistent/scratch' })
  })

  test('evidence that cannot be stored is a failure that says what was found', async () => {
    const set = healthy.copy('evidence')
    await rm(set.path('data/000001.zst'))
    await writeFile(set.path('evidence'), 'in the way')
    await chmod(set.path('evidence'), 0o400)
    const failure = await failureOf(set.verify())
    expect(failure.message).toContain('different: data/000001.zst is missing')
    expect(failure.message).toContain('the evidence could not be stored')
  })
})
