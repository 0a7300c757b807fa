import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cluster } from '../../../config/cluster.ts'
import { loadCluster } from '../../../config/load.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../../functions/platform/object-store/store.ts'
import { monthOf } from '../../../functions/runtime/history/add-poll.ts'
import { historyKey } from '../../../functions/runtime/history/history-keys.ts'
import { scheduledStatus } from '../../../functions/status/scheduled-status.ts'
import type { StatusReport } from '../../../functions/status/status-report.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const prefix = 'stored-status'
const environment = (): Record<string, string> => ({
  ...sandbox.s3.env,
  BALLAST_PG_BIN: sandbox.pgBin,
  ONE: sandbox.backupUrl('status_one'),
  TWO: sandbox.backupUrl('status_two'),
})
const cli = useCommandLine(environment)
/** A directory where no definition lies. */
const elsewhere = useCommandLine(environment)
const config = fileURLToPath(new URL('../../../config/index.ts', import.meta.url))

/** Two databases, a store in S3 and a copy in a directory. */
function definition(): string {
  const { bucket, endpoint, region } = sandbox.s3
  return `import { defineCluster, env } from '${config}'
export default defineCluster({
  name: 'shop', title: 'Loja Exemplo', region: '${region}', timeZone: 'America/Sao_Paulo',
  nodes: [{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'db-1', role: 'primary', address: '10.0.0.11' }],
  databases: [
    { name: 'status_one', owner: 'app', connection: { url: env('ONE') } },
    { name: 'status_two', owner: 'app', connection: { url: env('TWO') } },
  ],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
  backup: {
    source: 'primary',
    stores: [
      { type: 's3', name: 'main', bucket: '${bucket}', prefix: '${prefix}', endpoint: '${endpoint}', provider: 'versitygw',
        credentials: { accessKeyId: env('AWS_ACCESS_KEY_ID'), secretAccessKey: env('AWS_SECRET_ACCESS_KEY') } },
      { type: 'file', name: 'disk', directory: '${join(cli.directory(), 'disk')}' },
    ],
    retention: { keep: { daily: 30 } },
  },
})
`
}

let main: ObjectStore
let cluster: Cluster

beforeAll(async () => {
  for (const name of ['status_one', 'status_two']) {
    await sandbox.createDatabase(name)
    await sandbox.psql(sandbox.primary.url(name), 'CREATE TABLE t AS SELECT generate_series(1, 1234) AS id')
  }
  await mkdir(join(cli.directory(), 'disk'))
  const file = join(cli.directory(), 'ballast.config.ts')
  await writeFile(file, definition())
  cluster = await loadCluster(file)
  const { bucket, endpoint, region, accessKey: accessKeyId, secretKey: secretAccessKey } = sandbox.s3
  main = openStore({
    ...{ type: 's3', bucket, prefix, region, endpoint, provider: 'versitygw' },
    keyPair: { accessKeyId, secretAccessKey },
  })
})
afterAll(() => main.close())

async function status(...args: string[]): Promise<{ code: number | null; report: StatusReport; message: string | undefined }> {
  const { code, outcome } = await cli.outcome(['status', ...args])
  return { code, report: outcome.details as StatusReport, message: outcome.failure?.message }
}

describe('from nothing to well', () => {
  test('before the first backup: attention, and exit code 1', async () => {
    const { code, report, message } = await status()
    expect(code).toBe(1)
    expect(report.verdict).toBe('attention')
    expect(message).toContain('status_one: backup; status_one: verification; status_one: copies; status_two: backup')
    expect(report.databases.map(({ lastBackup }) => lastBackup)).toEqual([undefined, undefined])
  })

  test('with backups that nobody has proven: not yet', async () => {
    expect((await cli.run(['backup', '--all'])).code).toBe(0)
    const { code, report } = await status()
    expect(code).toBe(1)
    expect(report.databases.map(({ lastBackup }) => lastBackup?.rows)).toEqual([1234, 1234])
    expect(report.databases[0]?.lastBackup?.storedBytes).toBeGreaterThan(1000)
    expect(report.concerns.map(({ code: what }) => what)).toContain('verification')
  })

  test('with proof and without copies: not yet', async () => {
    for (const database of ['status_one', 'status_two']) {
      expect((await cli.run(['verify', '--database', database])).code).toBe(0)
    }
    const { code, report } = await status()
    expect(code).toBe(1)
    expect(report.databases.map(({ lastVerification }) => lastVerification?.verdict)).toEqual(['equal', 'equal'])
    expect(report.databases[0]?.copies).toEqual([
      { store: 'main', state: 'held' },
      { store: 'disk', state: 'missing' },
    ])
  })

  test('with copies: nothing is wrong, and yet nobody knows whether anything watches', async () => {
    expect((await cli.run(['copy'])).code).toBe(0)
    const { code, report } = await status()
    expect(report.concerns.map(({ status: how, subject, code: what }) => [how, subject, what])).toEqual([
      ['unknown', 'freshness', 'unwatched'],
    ])
    expect([code, report.verdict]).toEqual([1, 'unknown'])
  })

  test('watched: well, and exit code 0', async () => {
    // What a schedule does leaves a history by itself.
    expect((await cli.run(['run', 'freshness'])).code).toBe(0)
    const { code, report } = await status()
    expect(report.concerns).toEqual([])
    expect(report.operations.find(({ operation }) => operation === 'freshness')).toMatchObject({ polls: 1, goodPolls: 1 })
    expect([code, report.verdict]).toEqual([0, 'well'])
    expect(report.stores.map(({ name, content }) => [name, content?.completeSets])).toEqual([
      ['main', 2],
      ['disk', 2],
    ])
  })

  test('a person reads it at a glance, without colours where there is no terminal', async () => {
    const { code, stdout } = await cli.run(['status'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Loja Exemplo \(shop\): all is well\n/)
    expect(stdout).toMatch(/^status_one +\d+ (s|min) ago +[\d.]+ kB +1,234 +equal, \d+ (s|min) ago +2 of 2 +in \d+ (h|min)$/m)
    expect(stdout).not.toContain('\u001b')
  })

  test('one database alone', async () => {
    const { report } = await status('--database', 'status_two')
    expect(report.databases.map(({ database }) => database)).toEqual(['status_two'])
  })
})

describe('without a definition', () => {
  test('a store says what it has', async () => {
    const { code, outcome } = await elsewhere.outcome(['status', '--store', `file://${join(cli.directory(), 'disk')}`])
    expect(outcome).toMatchObject({ subject: 'shop', ok: true, details: { verdict: 'well', timeZone: 'UTC', historyDays: 90 } })
    expect((outcome.details as StatusReport).databases.map(({ database }) => database)).toEqual(['status_one', 'status_two'])
    expect(code).toBe(0)
  })

  test('one without a backup is not well, one that is not there fails, and so does the choice between two clusters', async () => {
    const empty = join(elsewhere.directory(), 'empty')
    expect((await elsewhere.outcome(['status', '--store', `file://${empty}`])).code).toBe(1)
    expect((await elsewhere.outcome(['status', '--store', 's3://no-such-bucket-here/pg'])).code).toBe(3)
    await cp(join(cli.directory(), 'disk/shop'), join(empty, 'shop'), { recursive: true })
    await cp(join(cli.directory(), 'disk/shop/status_one'), join(empty, 'other/status_one'), { recursive: true })
    const { code, outcome } = await elsewhere.outcome(['status', '--store', `file://${empty}`])
    expect(code).toBe(2)
    expect(outcome.failure?.hint).toBe('Name one with --cluster: other, shop.')
  })
})

describe('the page', () => {
  const keys = ['status.json', 'en.html', 'index.html'].map((file) => `shop/.ballast/status/${file}`)

  test('is written by --write, with what browsers need to know, and named', async () => {
    const { code, stderr } = await cli.run(['status', '--write'])
    expect(code).toBe(0)
    expect(stderr.trim().split('\n')).toEqual(keys.map((key) => `wrote ${main.location}/${key}`))
    const { accessKey: accessKeyId, secretKey: secretAccessKey, endpoint, region, bucket } = sandbox.s3
    const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
    const types = await Promise.all(
      keys.map((key) =>
        client.send(new HeadObjectCommand({ Bucket: bucket, Key: `${prefix}/${key}` })).then((head) => head.ContentType),
      ),
    )
    client.destroy()
    expect(types).toEqual(['application/json', 'text/html; charset=utf-8', 'text/html; charset=utf-8'])
  })

  test('is written by schedule over the one before, and says what the command says', async () => {
    const notes: string[] = []
    const outcome = await scheduledStatus({
      ...{ cluster, dueMs: Date.now(), env: { PATH: process.env.PATH, ...environment() } },
      ...{ signal: AbortSignal.timeout(60_000), note: (line: string) => notes.push(line) },
    })
    expect(outcome).toMatchObject({
      operation: 'status',
      subject: 'shop',
      ok: true,
      numbers: { failures: 0, unknowns: 0, files: 3 },
    })
    expect(notes).toEqual([`well: wrote ${keys.join(', ')}`])
    const written = JSON.parse(Buffer.from((await main.readSmall(keys[0] ?? ''))?.bytes ?? []).toString()) as StatusReport
    const { report } = await status()
    expect(written.databases).toEqual(report.databases)
    expect(written.renewByMs).toBeGreaterThan(written.asOfMs)
    const page = Buffer.from((await main.readSmall(keys[2] ?? ''))?.bytes ?? []).toString()
    expect(page).toContain('Loja Exemplo: situação dos backups')
    expect(page).toContain('status_two')
  })

  test('is written by `ballast run status`, which is well when it is written', async () => {
    const { code, outcome } = await cli.outcome(['run', 'status'])
    expect([code, outcome.ok, outcome.operation]).toEqual([0, true, 'status'])
  })

  test('of a cluster that is not well is written all the same', async () => {
    const lost = {
      ...cluster,
      backup: {
        ...cluster.backup,
        stores: cluster.backup.stores.map((store) =>
          store.type === 'file' ? { ...store, directory: '/nowhere/at/all' } : store,
        ),
      },
    }
    const outcome = await scheduledStatus({
      ...{ cluster: lost, dueMs: Date.now(), env: { PATH: process.env.PATH, ...environment() } },
      ...{ signal: AbortSignal.timeout(60_000), note: () => undefined },
    })
    expect(outcome).toMatchObject({ ok: true, numbers: { failures: 2 } })
  })

  test('changes nothing that the catalogue says', async () => {
    const { outcome } = await cli.outcome(['list'])
    expect(outcome.numbers).toMatchObject({ sets: 2, verifiedSets: 2, damagedSets: 0, incompleteSets: 0 })
  })
})

test('a history that somebody broke is said by the status, and begun anew by the next run, which says so too', async () => {
  const key = historyKey('shop', monthOf(Date.now()), { operation: 'freshness' })
  await main.put(key, Buffer.from('broken'))
  const { code, report } = await status()
  expect([code, report.verdict]).toEqual([1, 'unknown'])
  expect(report.concerns).toMatchObject([{ code: 'unwatched' }, { code: 'history', finding: `${key} is no JSON` }])
  const { code: ran, stderr } = await cli.run(['run', 'freshness'])
  expect(ran).toBe(0)
  expect(stderr).toContain('history: The history of this month is no JSON, and was begun anew')
  expect((await status()).report.verdict).toBe('well')
})

test('a store that cannot be reached is said, and what is asked of a store alone fails', async () => {
  const unreachable = { AWS_ACCESS_KEY_ID: 'nobody', AWS_SECRET_ACCESS_KEY: 'nothing' }
  const { code, outcome } = await cli.outcome(['status'], unreachable)
  expect(code).toBe(1)
  expect(outcome.details).toMatchObject({ verdict: 'unknown', databases: [{ verdict: 'unknown' }, { verdict: 'unknown' }] })
  expect((outcome.details as StatusReport).concerns.map(({ subject, code: what }) => [subject, what])).toEqual(
    expect.arrayContaining([
      ['main', 'store'],
      ['history', 'history'],
    ]),
  )
})
