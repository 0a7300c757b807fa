import { expect, test } from 'vitest'
import { judge } from '../../../bench/report/targets.ts'
import type { MemoryPoint } from '../../../bench/results.ts'
import { measured, reportOf } from './numbers.ts'

const fc = 'pg_dump -Fc'
const zstd = 'pg_dump -Fc -Z0 | zstd -1'

function verdict(report: Parameters<typeof judge>[0], goal: RegExp) {
  const found = judge(report).filter((target) => goal.test(target.goal))
  expect(found).toHaveLength(1)
  return found[0]
}

test('what was not measured is neither met nor missed', () => {
  expect(new Set(judge(reportOf([])).map(({ met }) => met))).toEqual(new Set([undefined]))
})

test('the time against pg_dump -Fc counts, at the limit and below it', () => {
  const at = (seconds: number) => reportOf([measured('Ballast', 10), measured(fc, seconds)])

  expect(verdict(at(25), /^Backup, mixed: at least 2.5/)).toMatchObject({
    met: true,
    measured: expect.stringContaining('2.50 times'),
  })
  expect(verdict(at(24.9), /^Backup, mixed: at least 2.5/)).toMatchObject({ met: false })
})

test('the fastest pipeline is the rival, not pgBackRest', () => {
  const report = reportOf([measured('Ballast', 10), measured(fc, 25), measured(zstd, 12), measured('pgBackRest full', 5)])

  expect(verdict(report, /^Backup, mixed: .*fastest stock pipeline/)).toEqual({
    goal: 'Backup, mixed: at least 1.15 times as fast as the fastest stock pipeline',
    measured: '1.20 times (10.0 s against 12.0 s of `pg_dump -Fc -Z0 \\| zstd -1`)',
    met: true,
  })
})

test.each([
  [170e6, true],
  [171e6, false],
])('%d bytes against 200 MB', (storedBytes, met) => {
  const report = reportOf([measured('Ballast', 1, { storedBytes }), measured(fc, 1)])

  expect(verdict(report, /^Bytes stored, mixed/)).toMatchObject({ met })
})

test('one large table must come back 1.2 times as fast as the faster of the downloads', () => {
  const restore = { operation: 'restore', dataset: 'single' } as const
  const report = (seconds: number) =>
    reportOf([measured('Ballast', 10, restore), measured(fc, 20, restore), measured('pg_dump -Fd -j2 -Z1', seconds, restore)])

  expect(verdict(report(12), /^Restore, single/)).toMatchObject({ met: true })
  expect(verdict(report(11.9), /^Restore, single/)).toMatchObject({ met: false })
})

test.each([
  [13, true],
  [13.1, false],
])('a verification of %d s after a restore of 10 s', (seconds, met) => {
  const report = reportOf([
    measured('Ballast', 10, { operation: 'restore' }),
    measured('Ballast', seconds, { operation: 'verify' }),
  ])

  expect(verdict(report, /^Verify/)).toMatchObject({ met })
})

test('memory is judged by its peak and by its growth over ten times the data', () => {
  const point = (size: number, peakRssBytes: number): MemoryPoint => ({
    operation: 'backup',
    size,
    textBytes: size * 2e9,
    peakRssBytes,
  })
  const report = (small: number, large: number, size = 1) => reportOf([], { memory: [point(size, large), point(0.1, small)] })

  expect(verdict(report(230e6, 250e6), /^Peak memory, backup: at most/)).toMatchObject({ met: true, measured: '250 MB' })
  expect(verdict(report(230e6, 251e6), /^Peak memory, backup: at most/)).toMatchObject({ met: false })
  expect(verdict(report(200e6, 220e6), /^Peak memory, backup: the same/)).toMatchObject({ met: true })
  expect(verdict(report(200e6, 221e6), /^Peak memory, backup: the same/)).toMatchObject({ met: false })
  expect(verdict(report(200e6, 200e6, 0.5), /^Peak memory, backup: the same/)).toMatchObject({ met: undefined })
})

test('scaling counts the throughput of the copying, from one worker to four, for each way', () => {
  const point = (way: 'threads' | 'functions', workers: number, copySeconds: number) => {
    return { way, workers, copySeconds, seconds: copySeconds + 5, storedBytes: 1e9, cpuSeconds: 20 }
  }
  const scaling = [point('threads', 1, 34), point('threads', 4, 10), point('functions', 1, 33.9), point('functions', 4, 10)]
  const report = reportOf([], { scaling })

  expect(verdict(report, /^Scaling, `ballast backup/)).toMatchObject({
    met: true,
    measured: expect.stringMatching(/^3.40 times/),
  })
  expect(verdict(report, /^Scaling, functions/)).toMatchObject({ met: false })
})

test('a plan is judged by the sizes that its rates were not measured at', () => {
  const requests = { put: 1, part: 0, create: 0, complete: 0, get: 0, head: 0, list: 0 }
  const point = (calibrates: boolean, planned: number) => ({
    ...{ bytes: 1e9, tables: 4, workers: 3, calibrates },
    planned: { seconds: planned, units: 2, requests },
    measured: { seconds: 10, units: 2, requests },
  })
  const at = (planned: number) => reportOf([], { plans: [point(true, 30), point(false, planned)] })

  expect(verdict(at(12), /ballast plan/)).toMatchObject({ met: true, measured: '+20.0 %' })
  expect(verdict(at(7.9), /ballast plan/)).toMatchObject({ met: false, measured: '-21.0 %' })
})
