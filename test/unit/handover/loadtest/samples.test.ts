import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { WalReading } from '../../../../functions/replication/facts.ts'
import type { WalPosition } from '../../../../functions/replication/memory.ts'
import { furthestLag } from '../../../../handover/loadtest/samples/database-sampler.ts'
import { poolPoint } from '../../../../handover/loadtest/samples/pool-sampler.ts'
import {
  parseProcessorTimes,
  parseProcessTicks,
  processorShares,
} from '../../../../handover/loadtest/samples/processor-times.ts'
import { type Sampler, startSampling } from '../../../../handover/loadtest/samples/sampling.ts'
import { thinned, withRequests } from '../../../../handover/loadtest/samples/timeline.ts'
import type { LoadPoint } from '../../../../handover/records/load-record.ts'

test('the processors: all that is not idle and not waiting for a disk, and what some ticks are of it', () => {
  const before = parseProcessorTimes('cpu  100 0 50 800 50 0 0 0 70 0\ncpu0 1 2 3\n')
  const after = parseProcessorTimes('cpu  160 0 90 900 50 0 0 0 99 0\n')
  expect(before).toEqual({ total: 1000, idle: 850 })
  if (before === undefined || after === undefined) throw new Error('not read')
  expect(processorShares(before, after, 50)).toEqual({ cpuPercent: 50, generatorCpuPercent: 25 })
  expect(processorShares(before, before, 50)).toEqual({})
  expect(parseProcessorTimes('intr 1 2 3\n')).toBeUndefined()
})

test('the ticks of a process, whatever its name holds', () => {
  expect(parseProcessTicks('42 (a) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 70 30 5 5 20 0 1 0 100 0 0')).toBe(100)
  expect(parseProcessTicks('')).toBeUndefined()
})

test('all pools together, but not the console; server connections are whatever columns there are', () => {
  const pool = { user: 'app', cl_active: '3', sv_idle: '1', sv_used: '0', maxwait: '0', maxwait_us: '0', cl_waiting: '0' }
  const point = poolPoint([
    { ...pool, database: 'shop', cl_waiting: '7', sv_active: '20', maxwait: '1', maxwait_us: '250400' },
    { ...pool, database: 'ledger', sv_active: '2', sv_active_cancel: '1' },
    { ...pool, database: 'pgbouncer', cl_active: '1', sv_active: '9' },
  ])
  expect(point).toEqual({ clientsWaiting: 7, longestWaitMs: 1250, clientConnections: 13, serverConnections: 25 })
})

const reading = (lsn: string, clockMs: number, ...replayed: (string | null)[]): WalReading => ({
  ...{ lsn, clockMs },
  senders: replayed.map((replayLsn, pid) => ({
    ...{
      pid,
      applicationName: 'db-2',
      state: 'streaming',
      syncState: 'async',
      flushLsn: replayLsn,
      replayLsn,
      replyMs: clockMs,
      slot: null,
      logical: false,
    },
  })),
})

test('the lag of the standby that is furthest behind, in bytes and in the time that earlier readings prove', () => {
  const positions: WalPosition[] = []
  expect(furthestLag(reading('0/1000', 0, '0/1000'), positions)).toEqual({ lagBytes: 0, lagMs: 0 })
  expect(furthestLag(reading('0/3000', 1000, '0/3000', '0/1000'), positions)).toEqual({ lagBytes: 0x2000, lagMs: 0 })
  expect(furthestLag(reading('0/4000', 3000, '0/4000', '0/1000'), positions)).toEqual({ lagBytes: 0x3000, lagMs: 2000 })
  expect(furthestLag(reading('0/4000', 4000), positions)).toEqual({})
  expect(furthestLag(reading('0/4000', 5000, null), positions)).toEqual({})
})

function samplerOf(what: string, fields: Sampler['fields'], read: Sampler['read']): Sampler & { closed: boolean } {
  const sampler = {
    ...{ what, fields, read, closed: false },
    close: (): Promise<void> => {
      sampler.closed = true
      return Promise.resolve()
    },
  }
  return sampler
}

test('each second has one point, without what failed or came too late; a series that never came is told', async () => {
  const good = samplerOf('the good', ['cpuPercent'], () => Promise.resolve({ cpuPercent: 5 }))
  const slow = samplerOf('the slow', ['clientsWaiting'], (signal) => sleep(60_000, { clientsWaiting: 1 }, { signal }))
  const broken = samplerOf('the broken', ['lagBytes', 'lagMs'], () => Promise.reject(new Error('no route')))
  let times = 0
  const rare = samplerOf('the rare', ['p50Ms'], () => {
    times += 1
    return times === 2 ? Promise.resolve({ p50Ms: 1 }) : Promise.reject(new Error('not yet'))
  })
  const three = Promise.withResolvers<void>()
  const seen: LoadPoint[] = []
  const began = performance.now()
  const sampling = startSampling([good, slow, broken, rare], { sinceStartMs: () => performance.now() - began }, (point) => {
    seen.push(point)
    if (seen.length === 3) three.resolve()
  })
  await three.promise
  const { points, unread } = await sampling.stop()
  expect(points).toEqual(seen)
  expect(points.map(({ atMs: _at, ...read }) => read)).toEqual([
    { cpuPercent: 5 },
    { cpuPercent: 5, p50Ms: 1 },
    { cpuPercent: 5 },
  ])
  expect(unread).toEqual([
    'the slow could not be read (clientsWaiting): no answer within 900 ms',
    'the broken could not be read (lagBytes, lagMs): no route',
  ])
  expect([good, slow, broken, rare].map(({ closed }) => closed)).toEqual([true, true, true, true])
})

test('requests stand beside the sample of their second', () => {
  const samples = [
    { atMs: 1010, cpuPercent: 10 },
    { atMs: 2005, cpuPercent: 20 },
  ]
  const points = withRequests(
    samples,
    [
      { endMs: 51_900, requests: 50, failed: 1, latencyMs: { p50: 1, p95: 2, p99: 3 } },
      { endMs: 54_000, requests: 40, failed: 40 },
    ],
    50_000,
  )
  expect(points).toEqual([
    { atMs: 1010, cpuPercent: 10 },
    { atMs: 2005, cpuPercent: 20, requestsPerSecond: 50, failedPerSecond: 1, p50Ms: 1, p95Ms: 2, p99Ms: 3 },
    { atMs: 4000, requestsPerSecond: 40, failedPerSecond: 40 },
  ])
})

test('a long run is thinned to means of rates and the peaks of everything else', () => {
  const points = [
    { atMs: 1000, requestsPerSecond: 10, longestWaitMs: 5 },
    { atMs: 2000, requestsPerSecond: 20, longestWaitMs: 900 },
    { atMs: 3000, requestsPerSecond: 30.00049 },
  ]
  expect(thinned(points, 2)).toEqual([
    { atMs: 2000, requestsPerSecond: 15, longestWaitMs: 900 },
    { atMs: 3000, requestsPerSecond: 30 },
  ])
  expect(thinned(points, 3)).toHaveLength(3)
  expect(thinned([], 3)).toEqual([])
})
