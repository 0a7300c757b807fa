import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type S3Server, startS3Server } from '../../../sandbox/s3-server.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
let far: S3Server
const cli = useCommandLine(() => ({
  ...{ BALLAST_PG_BIN: sandbox.pgBin, DATABASE: sandbox.backupUrl(database) },
  ...{ MAIN_ID: sandbox.s3.accessKey, MAIN_KEY: sandbox.s3.secretKey, FAR_ID: far.accessKey, FAR_KEY: far.secretKey },
}))
const config = fileURLToPath(new URL('../../../config/index.ts', import.meta.url))
const database = 'cli_copies'
const nas = (): string => join(cli.directory(), 'nas')

/** Two S3 servers, neither of which knows the other's keys, and a directory. */
function definition(): string {
  const s3 = (name: string, { bucket, endpoint }: { bucket: string; endpoint: string }, key: string) =>
    `{ type: 's3', name: '${name}', bucket: '${bucket}', prefix: 'copies', endpoint: '${endpoint}', provider: 'versitygw',
       credentials: { accessKeyId: env('${key}_ID'), secretAccessKey: env('${key}_KEY') } }`
  return `import { defineCluster, env } from '${config}'
export default defineCluster({
  name: 'shop',
  region: 'us-east-1',
  nodes: [{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'db-1', role: 'primary', address: '10.0.0.11' }],
  databases: [{ name: '${database}', owner: 'app', connection: { url: env('DATABASE') } }],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
  backup: {
    source: 'primary',
    stores: [${s3('main', sandbox.s3, 'MAIN')}, ${s3('far', far, 'FAR')}, { type: 'file', name: 'nas', directory: '${nas()}' }],
    retention: { keep: { daily: 30 } },
  },
})
`
}

beforeAll(async () => {
  far = await startS3Server({ directory: join(tmpdir(), `ballast-far-${randomUUID()}`), bucket: 'far-away' })
  await sandbox.createDatabase(database)
  await sandbox.psql(
    sandbox.primary.url(database),
    'CREATE TABLE t AS SELECT n AS id, md5(n::text) FROM generate_series(1, 5000) n',
  )
  await mkdir(nas())
  await writeFile(join(cli.directory(), 'ballast.config.ts'), definition())
})
afterAll(() => far?.stop())

const copiesColumn = async (): Promise<string[]> =>
  (await cli.run(['list'])).stdout
    .split('\n')
    .filter((line) => line.includes('Z-'))
    .map((line) => line.replace(/.*(equal, \S+ \S+ ago|not yet) +/, ''))

test('two copies with credentials of their own, verified afterwards, counted, and restored from each', async () => {
  expect((await cli.run(['backup'])).code).toBe(0)
  expect(await copiesColumn()).toEqual(['1: main'])

  const dry = await cli.run(['copy', '--dry-run'])
  expect(dry.stdout).toMatch(/^far \(s3:\/\/far-away\/copies\)\n.*\n {2}would copy +shop\/cli_copies .* not there\n\nnas /)
  const copied = await cli.outcome(['copy'])
  expect(copied.code).toBe(0)
  expect(copied.outcome.numbers).toMatchObject({ targets: 2, copiedSets: 2, failedSets: 0, sentEvidence: 0 })
  expect(await copiesColumn()).toEqual(['3: main, far, nas'])

  expect((await cli.run(['check', 'freshness'])).stdout).toContain('no proven set to copy')
  expect((await cli.run(['verify'])).code).toBe(0)
  const evidence = await cli.outcome(['copy'])
  expect(evidence.outcome.numbers).toMatchObject({ copiedSets: 2, sentObjects: 0, sentEvidence: 2 })
  expect((await cli.run(['copy'])).stdout).toContain('complete: every set is there, and was compared')
  expect((await cli.run(['check', 'freshness'])).stdout).toMatch(/ok +copies +3 of .*; at least 3/)

  for (const store of ['main', 'far', 'nas']) {
    await sandbox.createDatabase(`${database}_${store}`)
    const url = sandbox.primary.adminUrl(`${database}_${store}`)
    await sandbox.psql(url, 'DROP SCHEMA IF EXISTS pgbouncer CASCADE')
    const restored = await cli.run(['restore', 'latest-verified', '--store', store, '--to', url])
    expect(restored.stderr).toBe('')
    expect(restored.stdout).toContain('5,000 rows of 1 table')
    expect((await cli.outcome(['verify', '--store', store])).outcome).toMatchObject({ ok: true })
  }
})

test('a store that cannot be reached is said, and the others are served', async () => {
  await rename(nas(), `${nas()}-unmounted`)
  try {
    const listed = await cli.run(['list'])
    expect(listed.code).toBe(3)
    expect(listed.stdout).toMatch(/\nnas +\? +\? +\? +file:.*NOT LISTED: The directory of this store does not exist/)
    expect(listed.stdout).toContain('2: main, far')
    expect(listed.stderr).toContain('Mount the disk')
    const { code, outcome } = await cli.outcome(['copy', 'latest'])
    expect(code).toBe(3)
    expect(outcome).toMatchObject({ failure: { kind: 'permanent' }, numbers: { failedTargets: 1, copiedSets: 1 } })
    expect((await cli.outcome(['check', 'freshness'])).outcome.failure?.message).toContain('copies')
    expect((await cli.outcome(['prune'])).outcome).toMatchObject({ ok: false, numbers: { stores: 3, failedStores: 1 } })
    expect((await cli.outcome(['list'], { FAR_KEY: 'wrong' })).outcome.failure?.message).toMatch(
      /^far, nas could not be listed/,
    )
  } finally {
    await rename(`${nas()}-unmounted`, nas())
  }
})

test('a damaged copy names the stores that hold the set as well', async () => {
  const listed = await cli.outcome(['list', '--store', 'nas'])
  const [{ set } = { set: '' }] = (listed.outcome.details as { sets: { set: string }[] }).sets
  await rm(join(nas(), 'shop', database, set, 'data/000001.zst'))
  const url = sandbox.primary.adminUrl(`${database}_nas`)
  const restore = await cli.outcome(['restore', set, '--store', 'nas', '--to', url, '--clean'])
  expect(restore.outcome.failure).toMatchObject({
    code: 'DAMAGED',
    hint: expect.stringContaining('This set is also in main, far: add --store main.'),
  })
  const verify = await cli.outcome(['verify', set, '--store', 'nas'])
  expect(verify).toMatchObject({
    code: 1,
    outcome: { failure: { hint: expect.stringContaining('This set is also in main, far') } },
  })
  expect(await copiesColumn()).toEqual(['2: main, far (nas: DAMAGED)'])
  const again = await cli.outcome(['copy', set, '--to', 'nas'])
  expect(again.outcome).toMatchObject({ ok: true, numbers: { sentObjects: 1, replacedObjects: 0 } })
})

test('the first store lost, a copy brings the set back', async () => {
  await rm(join(sandbox.s3.objectsDirectory, sandbox.s3.bucket, 'copies'), { recursive: true })
  expect(await copiesColumn()).toEqual([expect.stringMatching(/^1: far /)])
  expect((await cli.outcome(['copy', 'latest', '--from', 'far', '--to', 'main'])).outcome).toMatchObject({ ok: true })
  expect(await copiesColumn()).toEqual([expect.stringMatching(/^2: main, far /)])
  expect((await cli.outcome(['verify', '--store', 'main'])).outcome).toMatchObject({ ok: true })
})

test('by URLs: what the definition says of stores does not matter', async () => {
  const place = join(cli.directory(), 'usb')
  const given = ['copy', '--store', `s3://${sandbox.s3.bucket}/copies`, '--provider', 'versitygw', '--to', `file://${place}`]
  const missing = await cli.outcome(given, sandbox.s3.env)
  expect(missing.outcome.failure).toMatchObject({ code: 'NoSuchDirectory', hint: expect.stringContaining('mkdir -p') })
  await mkdir(place)
  expect((await cli.outcome(given, sandbox.s3.env)).outcome.numbers).toMatchObject({ copiedSets: 1, failedTargets: 0 })
  expect((await cli.outcome(['list', '--store', `file://${place}`])).outcome.details).toMatchObject({
    sets: [{ copies: [{ holding: 'compared' }] }],
  })
})
