import { afterEach, describe, expect, it } from 'vitest'
import type { RestoreOptions } from '../../functions/restore/restore.ts'
import type { BackupCase } from '../support/backup-case.ts'
import { useRestoreBench } from '../support/restore-bench.ts'
import type { S3Operation } from '../support/s3-operation.ts'
import { until } from '../support/traces.ts'
import { workerThreads } from '../support/worker-threads.ts'

const bench = useRestoreBench('many', { size: 'large' })
const workers = 8

afterEach(async () => {
  await bench.expectNoTraces()
  expect(await workerThreads()).toEqual([])
})

const sql = (query: string) => bench.sandbox.psql(bench.sandbox.primary.adminUrl(), query)

/** Sessions of a run's workers in a database, the ones of the further threads last: those are loaded first. */
const sessionsIn = (database: string, name: string) =>
  `FROM pg_stat_activity WHERE datname = '${database}' AND application_name = 'ballast ${name} (rows)'`

/** Acts once, when all workers of the run are there; until then everything waits that is asked of the store. */
function whenAllAreThere(one: BackupCase, operations: S3Operation[], database: string, act: () => Promise<unknown>): void {
  const name = operations.includes('GetObject') ? 'restore' : 'backup'
  const there = async (): Promise<void> => {
    const all = async () => Number(await sql(`SELECT count(*) ${sessionsIn(database, name)}`)) === workers
    await until('all workers are connected', all)
    expect(await workerThreads()).toHaveLength(2)
    await act()
  }
  let once: Promise<void> | undefined
  const run = (): Promise<void> => {
    once ??= there()
    return once
  }
  for (const operation of operations) {
    one.proxy.inject({ operation, key: 'data/', times: 1_000, fault: { type: 'meanwhile', run } })
  }
}

const puts: S3Operation[] = ['PutObject', 'UploadPart']
/** Of the sessions that are at work, the last: one whose work is done already would not be missed. */
const endLast = (how: string, database: string, name: string) => () => {
  const last = `SELECT pid ${sessionsIn(database, name)} ORDER BY state = 'active' DESC, backend_start DESC LIMIT 1`
  return sql(`SELECT ${how}(pid) FROM (${last}) last`)
}

describe('a backup with eight workers', () => {
  it('whose session is ended in a further thread', async () => {
    const one = await bench.begin()
    whenAllAreThere(one, puts, one.database, endLast('pg_terminate_backend', one.database, 'backup'))
    const failure = await one.fails({ kind: 'transient' }, { workers })
    expect(failure.message).toMatch(/terminat|connection/i)
  })

  it('that is given up', async () => {
    const one = await bench.begin()
    const stop = new AbortController()
    whenAllAreThere(one, puts, one.database, async () => stop.abort())
    await one.fails({ kind: 'transient', code: 'Aborted' }, { workers, signal: stop.signal })
  })

  it('whose store refuses a unit', async () => {
    const one = await bench.begin()
    const refuse = { type: 'refuse', status: 403, code: 'AccessDenied' } as const
    one.proxy.inject({ operation: 'PutObject', key: 'data/', after: 4, times: 1_000, fault: refuse })
    await one.fails({ kind: 'permanent', code: 'AccessDenied' }, { workers })
  })

  it('that nothing befalls is whole', async () => {
    const one = await bench.begin()
    whenAllAreThere(one, puts, one.database, async () => undefined)
    await one.expectWholeSet(await one.backup({ workers }))
  })
})

describe('a restore with eight workers', () => {
  const gets: S3Operation[] = ['GetObject']
  const through = (changed: Partial<RestoreOptions> = {}) => ({ store: bench.stored.store, jobs: workers, ...changed })

  it('whose session is ended in a further thread', async () => {
    const target = await bench.target()
    bench.stored.proxy.clear()
    whenAllAreThere(bench.stored, gets, target, endLast('pg_terminate_backend', target, 'restore'))
    await bench.fails({ kind: 'transient', untouched: false }, target, through())
  })

  it('that is given up', async () => {
    const target = await bench.target()
    const stop = new AbortController()
    bench.stored.proxy.clear()
    whenAllAreThere(bench.stored, gets, target, async () => stop.abort())
    await bench.fails({ kind: 'transient', code: 'Aborted', untouched: false }, target, through({ signal: stop.signal }))
  })

  it('whose store gives something else than was stored', async () => {
    const target = await bench.target()
    bench.stored.proxy.clear()
    bench.stored.proxy.inject({
      operation: 'GetObject',
      key: 'data/',
      after: 4,
      times: 1_000,
      fault: { type: 'corrupt answer', at: 50 },
    })
    await bench.fails({ kind: 'permanent', code: 'DAMAGED', untouched: false }, target, through())
  })

  it('that nothing befalls is whole', async () => {
    const target = await bench.target()
    bench.stored.proxy.clear()
    whenAllAreThere(bench.stored, gets, target, async () => undefined)
    await bench.restore(target, through())
    await bench.expectRestored(target)
  })
})
