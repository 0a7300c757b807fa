import { afterEach, describe, expect, it } from 'vitest'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase, ExpectedFailure } from '../support/backup-case.ts'
import { onceHeld } from '../support/held-backup.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { until } from '../support/traces.ts'

const bench = useBackupBench('sessions', { size: 'large' })

afterEach(() => bench.expectNoTraces())

const holder = `application_name = 'ballast backup (snapshot)'`
const worker = `application_name = 'ballast backup (rows)'`
const lost = { kind: 'transient', code: '57P01', hint: /./ } as const

/** Ends, as an administrator, the sessions of the case's backup that the condition names; at least one must be there. */
async function terminate(one: BackupCase, condition: string, how = 'pg_terminate_backend'): Promise<void> {
  const { sandbox } = one.bench
  const query = `SELECT count(${how}(pid)) FROM pg_stat_activity WHERE datname = '${one.database}' AND ${condition}`
  expect(Number(await sandbox.psql(sandbox.primary.adminUrl(), query))).toBeGreaterThan(0)
}

/** Acts while the first unit is on its way to the store, and the other worker is at work or waits as well. */
function onFirstUnit(one: BackupCase, run: () => Promise<void>): void {
  one.proxy.inject({ operation: 'PutObject', key: 'data/', fault: { type: 'meanwhile', run } })
}

describe('a backup whose sessions are ended', () => {
  it('the snapshot holder, before a worker could take the snapshot over', async () => {
    const one = await bench.begin()
    const expected: ExpectedFailure = { kind: 'transient', code: '22023', hint: /snapshot.*again/ }
    await onceHeld(
      one,
      () => terminate(one, holder),
      (held) => one.fails(expected, held),
    )
  })

  it('the snapshot holder, when the workers have taken the snapshot over', async () => {
    const one = await bench.begin()
    onFirstUnit(one, () => terminate(one, holder))
    await one.fails({ kind: 'transient', subject: /snapshot/, hint: /Nothing was published/ })
  })

  it('the snapshot holder, when everything but the manifest is stored', async () => {
    const one = await bench.begin()
    const run = () => terminate(one, holder)
    one.proxy.inject({ operation: 'CompleteMultipartUpload', fault: { type: 'meanwhile', run } })
    await one.fails({ kind: 'transient', subject: /snapshot/, hint: /Nothing was published/ })
  })

  it('a worker between two of its tasks', async () => {
    const one = await bench.begin()
    onFirstUnit(one, async () => {
      await until('a worker waits for its store', async () => (await workersThat(one, `state LIKE 'idle%'`)) > 0)
      await terminate(one, `${worker} AND state LIKE 'idle%'`)
    })
    await one.fails({ ...lost, subject: /./ })
  })

  it('everybody at once', async () => {
    const one = await bench.begin()
    onFirstUnit(one, () => terminate(one, `(${worker} OR ${holder})`))
    await one.fails({ kind: 'transient' })
  })

  it('pg_dump', async () => {
    const one = await bench.begin()
    const { sandbox } = bench
    const loop = `DO $$ BEGIN LOOP
      PERFORM pg_stat_clear_snapshot();
      PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '${one.database}' AND application_name = 'pg_dump' AND backend_xmin IS NOT NULL;
      EXIT WHEN FOUND; END LOOP; END $$`
    const [failure] = await Promise.all([
      one.fails({ kind: 'transient', subject: /^pg_dump$/ }),
      sandbox.psql(sandbox.primary.adminUrl(), loop),
    ])
    expect(failure.message).toMatch(/terminating connection|closed the connection/)
  })
})

describe('a backup in the middle of a COPY', () => {
  it.each<[string, ExpectedFailure, string]>([
    // A server process that ends while it waits for its reader may come to say why, or not.
    [
      "a worker's session is ended",
      { kind: 'transient', message: /terminat(ed|ing)/, subject: /wide/ },
      'pg_terminate_backend',
    ],
    [
      'the statement is cancelled by an administrator',
      { kind: 'transient', code: '57014', subject: /wide/ },
      'pg_cancel_backend',
    ],
  ])('%s', async (_, expected, how) => {
    const one = await bench.begin()
    await throughProxy(one, async (proxy) => {
      proxy.pauseAfter(1_000_000)
      const acting = async (): Promise<void> => {
        await until('the server waits for its reader', () => copyWaits(one))
        await terminate(one, `${worker} AND wait_event = 'ClientWrite'`, how)
        proxy.resume()
      }
      await Promise.all([one.fails(expected, viaProxy(one, proxy)), acting()])
    })
  })

  it.each([
    ['the connections are reset after the first rows', 400_000],
    ['the connections are reset deep within a table', 6_000_000],
  ])('%s', async (_, bytes) => {
    const one = await bench.begin()
    await throughProxy(one, async (proxy) => {
      proxy.cutAfter(bytes)
      await one.fails({ kind: 'transient' }, viaProxy(one, proxy))
    })
  })

  it('all connections are reset at one moment', async () => {
    const one = await bench.begin()
    await throughProxy(one, async (proxy) => {
      onFirstUnit(one, async () => proxy.cut())
      await one.fails({ kind: 'transient' }, viaProxy(one, proxy))
    })
  })

  it('the run is given up while an upload in parts is open', async () => {
    const one = await bench.begin()
    const stop = new AbortController()
    const run = async (): Promise<void> => stop.abort()
    one.proxy.inject({ operation: 'UploadPart', fault: { type: 'meanwhile', run } })
    await one.fails({ kind: 'transient' }, { signal: stop.signal })
    expect(one.proxy.count('AbortMultipartUpload')).toBe(1)
  })

  it('the run is given up', async () => {
    const one = await bench.begin()
    const stop = new AbortController()
    await one.fails({ kind: 'transient' }, { signal: stop.signal, onProgress: () => stop.abort() })
  })
})

async function copyWaits(one: BackupCase): Promise<boolean> {
  return (await workersThat(one, `wait_event = 'ClientWrite' AND query LIKE 'COPY%wide%'`)) === 1
}

/** How many workers of the case's backup are as the condition says. */
async function workersThat(one: BackupCase, condition: string): Promise<number> {
  const { sandbox } = one.bench
  const query = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${one.database}' AND ${worker} AND ${condition}`
  return Number(await sandbox.psql(sandbox.primary.adminUrl(), query))
}

function viaProxy(one: BackupCase, proxy: TcpProxy) {
  const connection = resolveConnection(bench.sandbox.backupUrl(one.database), {})
  return { connection: { ...connection, hosts: [{ host: proxy.host, port: proxy.port }] } }
}

async function throughProxy(one: BackupCase, work: (proxy: TcpProxy) => Promise<void>): Promise<void> {
  const proxy = await startTcpProxy({ host: '127.0.0.1', port: one.bench.sandbox.primary.port })
  try {
    await work(proxy)
  } finally {
    await proxy.stop()
  }
}
