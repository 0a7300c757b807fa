import { describe, expect, test } from 'vitest'
import { archivingFinding } from '../../../functions/replication/archive-verdict.ts'
import type { ArchiverFacts } from '../../../functions/replication/facts.ts'
import { type PoolFacts, poolFacts, poolFindings } from '../../../functions/replication/pool-verdict.ts'
import { nowMs } from '../../support/replication-facts.ts'

describe('archiving', () => {
  const archiver: ArchiverFacts = {
    mode: 'on',
    lastSegment: '000000010000000000000004',
    lastMs: nowMs - 3_600_000,
    failedSegment: null,
    failedMs: null,
  }
  const at = (lsn: string, secondsAgo: number) => ({ lsn, clockMs: nowMs - secondsAgo * 1000 })
  const status = (changed: Partial<ArchiverFacts>, ...positions: Parameters<typeof archivingFinding>[2]) =>
    archivingFinding({ ...archiver, ...changed }, 16 << 20, positions, 600).status

  test.each<[string, ReturnType<typeof status>, 'ok' | 'fail']>([
    ['idle for an hour: nothing is late', status({}, at('0/5000028', 3500), at('0/5000060', 0)), 'ok'],
    ['idle for an hour, then a burst', status({}, at('0/5000028', 3500), at('0/5100000', 5)), 'ok'],
    ['a little that waits for eleven minutes', status({}, at('0/5004000', 660), at('0/5004000', 0)), 'fail'],
    ['whole segments that wait', status({}, at('0/5000028', 3600), at('0/7000000', 660), at('0/9000000', 0)), 'fail'],
    ['nobody has looked before', status({}, at('0/9000000', 0)), 'ok'],
    [
      'the last attempt failed',
      status({ failedSegment: '000000010000000000000005', failedMs: nowMs - 1000 }, at('0/5000028', 0)),
      'fail',
    ],
    ['an attempt failed, and later ones went well', status({ failedMs: nowMs - 7_200_000 }, at('0/5000028', 0)), 'ok'],
    [
      'never one, and never anything to archive',
      status({ lastSegment: null, lastMs: null }, at('0/5000028', 3600), at('0/5000060', 0)),
      'ok',
    ],
    ['never one, and it fails', status({ lastSegment: null, lastMs: null, failedMs: nowMs }, at('0/5000028', 0)), 'fail'],
    [
      'never one, and much to archive',
      status({ lastSegment: null, lastMs: null }, at('0/5000028', 3600), at('0/6000028', 700), at('0/7000000', 0)),
      'fail',
    ],
    ['off', status({ mode: 'off' }, at('0/5000028', 0)), 'fail'],
  ])('%s', (_, found, expected) => {
    expect(found).toBe(expected)
  })
})

describe('pools', () => {
  const row = { database: 'app', user: 'web', cl_active: '3', cl_waiting: '0', sv_idle: '2', maxwait: '0', maxwait_us: '0' }
  const status = (...pools: Partial<PoolFacts>[]) =>
    poolFindings({ node: 'db-1', facts: pools.map((pool) => ({ ...poolFacts(row), ...pool })) }, 1).map(
      (one) => `${one.name} ${one.status}`,
    )

  test('are read by the names of their columns, numbers as text or as numbers', () => {
    const shown = { load_balance_hosts: 'x', ...row, maxwait: 2, sv_idle: '0' }
    expect(poolFacts(shown)).toEqual({
      database: 'app',
      user: 'web',
      activeClients: 3,
      waitingClients: 0,
      idleServers: 0,
      waitSeconds: 2,
    })
    expect(poolFacts({ ...row, maxwait: '2', maxwait_us: '500000' }).waitSeconds).toBe(2.5)
    const { sv_idle: _gone, ...without } = row
    expect(() => poolFacts(without)).toThrow('sv_idle')
  })

  test.each<[string, string[], string[]]>([
    ['none yet', status(), ['pooler ok', 'pool ok']],
    ['nobody waits', status({}), ['pooler ok', 'pool ok']],
    ['a wait as long as it may be', status({ waitingClients: 1, waitSeconds: 1 }), ['pooler ok', 'pool ok']],
    ['a longer one', status({}, { waitingClients: 1, waitSeconds: 1.1 }), ['pooler ok', 'pool fail']],
    ['full, and somebody waits', status({ waitingClients: 2, idleServers: 0, waitSeconds: 0.2 }), ['pooler ok', 'pool warn']],
    ['full, and nobody waits', status({ idleServers: 0 }), ['pooler ok', 'pool ok']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  test('a pooler that does not answer', () => {
    const [finding] = poolFindings({ node: 'db-1', problem: { message: 'refused', hint: 'Start it.' } }, 1)
    expect(finding).toEqual({ name: 'pooler', status: 'fail', finding: 'refused', fix: 'Start it.' })
  })
})
