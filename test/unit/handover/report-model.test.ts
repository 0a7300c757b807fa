import { describe, expect, test } from 'vitest'
import { drills } from '../../../config/drills.ts'
import type { DrillRecord } from '../../../handover/records/drill-record.ts'
import type { RunRecord } from '../../../handover/records/verdict.ts'
import { handoverReport } from '../../../handover/report/model/handover-report.ts'
import type { HandoverReport } from '../../../handover/report/model/report.ts'
import { sampleImages, troubledImages } from '../../support/handover-images.ts'
import {
  drillRecord,
  expectedLoad,
  handoverCluster,
  loadRecord,
  measured,
  otherDefinition,
} from '../../support/handover-records.ts'
import { passingRecords, troubledRecords } from '../../support/handover-scenes.ts'

function reportOf(records: readonly RunRecord[], changed: Partial<Parameters<typeof handoverReport>[0]> = {}): HandoverReport {
  return handoverReport({ cluster: handoverCluster, ballast: '0.1.0', records, images: [], ...changed })
}

const drillOf = (report: HandoverReport, name: string) => report.drills.find((one) => one.name === name)
const loadOf = (report: HandoverReport, name: string) => report.loads.find((one) => one.name === name)
const goalOf = (report: HandoverReport, key: string) => report.goals.find((one) => one.key === key)
const without = (name: string): RunRecord[] => passingRecords().filter((record) => record.name !== name)

/** Everything passes, but for one drill that is changed. */
function withDrill(name: DrillRecord['name'], changed: Partial<DrillRecord>): HandoverReport {
  return reportOf(passingRecords().map((one) => (one.kind === 'drill' && one.name === name ? { ...one, ...changed } : one)))
}

describe('the verdict', () => {
  test('is passed where every goal is met, and every drill and the load test at the expected rate passed', () => {
    const report = reportOf(passingRecords(), { images: sampleImages() })
    expect(report.verdict).toBe('passed')
    expect(report.goals.map(({ key, state }) => [key, state])).toEqual([
      ...[
        ['rate', 'passed'],
        ['maxLost', 'passed'],
        ['p95', 'passed'],
        ['p99', 'passed'],
        ['minSuccess', 'passed'],
      ],
      ...[
        ['websockets', 'passed'],
        ['firstWrite', 'passed'],
        ['recoveryTime', 'passed'],
        ['recoveryPoint', 'passed'],
      ],
    ])
  })

  test('is incomplete where nothing ran', () => {
    const report = reportOf([])
    expect(report.verdict).toBe('incomplete')
    expect(report.asOf).toBeUndefined()
    expect([...report.drills, ...report.loads].map(({ verdict }) => verdict)).toEqual(Array(13 + 6).fill('not run'))
    expect(new Set(report.goals.map(({ state }) => state))).toEqual(new Set(['not run']))
  })

  test.each([...drills])('is incomplete without the drill %s', (name) => {
    expect(reportOf(without(name).filter((one) => one.kind === 'load' || one.name !== name)).verdict).toBe('incomplete')
  })

  test('is incomplete with a smoke test alone: it proves no goal', () => {
    const report = reportOf(without('average'))
    expect(report.verdict).toBe('incomplete')
    expect(loadOf(report, 'smoke')?.verdict).toBe('passed')
    expect(goalOf(report, 'p95')).toMatchObject({ state: 'not run', reason: 'notRun' })
  })

  test.each([
    ['with less load', { plan: { ratePerSecond: 10, seconds: 660, virtualUsers: 9 } }],
    ['for less time', { plan: { ratePerSecond: 50, seconds: 60, virtualUsers: 9 } }],
    ['for less time at its rate', { plan: { ratePerSecond: 50, plateauSeconds: 299, seconds: 900, virtualUsers: 9 } }],
  ])('is incomplete where the load test ran %s than the definition says', (_, changed) => {
    const report = reportOf([...without('average'), loadRecord('average', 2, changed)])
    expect(report.verdict).toBe('incomplete')
    expect(loadOf(report, 'average')).toMatchObject({ verdict: 'not run', reason: 'smaller load' })
    expect(goalOf(report, 'p95')).toMatchObject({ state: 'not proven', reason: 'void', measured: 88.6 })
  })

  test('is failed where a profile failed that nobody has to run', () => {
    const failed = loadRecord('spike', 90, { measurements: expectedLoad({ p95: 900 }) })
    expect(reportOf([...passingRecords(), failed]).verdict).toBe('failed')
  })

  test('is passed without a drill that the definition leaves out, which is listed all the same', () => {
    const { handover } = handoverCluster
    const cluster = {
      ...handoverCluster,
      handover: { ...handover, drills: { ...handover.drills, skip: ['point-in-time'] as const } },
    }
    const { definition } = reportOf([], { cluster })
    const records = without('point-in-time').map((record) => ({ ...record, definition }))
    const report = reportOf(records, { cluster })
    expect(report.verdict).toBe('passed')
    expect(drillOf(report, 'point-in-time')).toMatchObject({ verdict: 'not run', reason: 'left out', isRequired: false })
    expect(report.risks.find(({ key }) => key === 'notTested')).toMatchObject({
      tests: expect.arrayContaining([{ kind: 'drill', name: 'point-in-time' }]),
    })
  })

  test('is of images as well: one that failed, one that nobody tested, one of another definition', () => {
    const [good, outdated, untested] = troubledImages()
    if (good === undefined || outdated === undefined || untested === undefined) throw new Error('an image is missing')
    const failed = { ...good, failed: [{ suite: 'boot' as const, name: 'ports', detail: '8080 is open' }] }
    const verdictWith = (image: typeof good) => reportOf(passingRecords(), { images: [image] }).verdict
    expect([good, failed, untested, outdated].map(verdictWith)).toEqual(['passed', 'failed', 'incomplete', 'incomplete'])
  })

  test('is failed where a stored backup was not restored equal', () => {
    const proof = { set: '2026-11-22T060000Z-daily', at: '2026-11-22T08:00:00.000Z' }
    const stored = (verdict: 'equal' | 'different') => [{ database: 'shop', proof: { ...proof, verdict } }]
    expect(reportOf(passingRecords(), { stored: stored('equal') }).verdict).toBe('passed')
    expect(reportOf(passingRecords(), { stored: stored('different') }).verdict).toBe('failed')
  })
})

describe('a drill', () => {
  test.each([
    ['interrupted', { state: 'interrupted', reason: 'Ctrl-C' }],
    ['failed', { state: 'failed', reason: 'the primary did not answer' }],
    ['skipped', { state: 'skipped', reason: 'no standby' }],
  ] as const)('that is %s counts as not run, and says so', (state, changed) => {
    const report = withDrill('rejoin', changed)
    expect(report.verdict).toBe('incomplete')
    expect(drillOf(report, 'rejoin')).toMatchObject({ verdict: 'not run', reason: state })
  })

  test('that was not put back has failed', () => {
    expect(withDrill('rejoin', { restored: false }).verdict).toBe('failed')
  })

  test('that judged nothing counts as not run', () => {
    const report = withDrill('rejoin', { measurements: [measured('rejoinTime', 4, 's', 1)] })
    expect(drillOf(report, 'rejoin')).toMatchObject({ verdict: 'not run', reason: 'no limit' })
  })

  test('of another definition counts as not run, with its date', () => {
    const report = withDrill('rejoin', { definition: otherDefinition })
    expect(drillOf(report, 'rejoin')).toMatchObject({
      ...{ verdict: 'not run', reason: 'outdated' },
      records: { outdated: { endedAt: '2026-11-23T13:14:00.000Z' } },
    })
  })

  test('counts by the newest record that came to a result; a later attempt without one is said', () => {
    const later = (minute: number, changed: Partial<DrillRecord>) => drillRecord('rejoin', minute, changed)
    const failing = later(200, { findings: ['it does not stream'] })
    expect(reportOf([...passingRecords(), failing]).verdict).toBe('failed')
    expect(reportOf([...passingRecords(), failing, later(300, {})]).verdict).toBe('passed')
    const report = reportOf([...passingRecords(), later(300, { state: 'interrupted' })])
    expect(drillOf(report, 'rejoin')).toMatchObject({ verdict: 'passed', records: { attempt: { state: 'interrupted' } } })
    expect(report.risks).toContainEqual({ key: 'laterAttempt', test: { kind: 'drill', name: 'rejoin' } })
  })
})

describe('a goal', () => {
  const averageWith = (measurements: ReturnType<typeof expectedLoad>) =>
    reportOf([...without('average'), loadRecord('average', 2, { measurements })])

  test('has its margin on the good side, and is missed beyond it', () => {
    expect(goalOf(averageWith(expectedLoad({ p95: 150 })), 'p95')).toMatchObject({
      state: 'passed',
      margin: 50,
      samples: 30_021,
    })
    expect(goalOf(averageWith(expectedLoad({ p95: 231 })), 'p95')).toMatchObject({ state: 'failed', margin: -31 })
    expect(goalOf(averageWith(expectedLoad({ websockets: 98 })), 'websockets')).toMatchObject({ state: 'failed', margin: -2 })
  })

  test('is held against the definition, whatever limit the run was given', () => {
    const weak = [...expectedLoad().slice(2), measured('p95', 480, 'ms', 900, ['at most', 500, 'loadtests.goals.p95'])]
    const report = averageWith(weak)
    expect(loadOf(report, 'average')?.verdict).toBe('passed')
    expect(goalOf(report, 'p95')).toMatchObject({ state: 'failed', measured: 480, target: 200 })
    expect(report.verdict).toBe('failed')
  })

  test('that was replaced on the command line is not proven', () => {
    const other = [
      ...expectedLoad().filter(({ key }) => key !== 'p95'),
      measured('p95', 480, 'ms', 900, ['at most', 500, '--p95']),
    ]
    const report = averageWith(other)
    expect(goalOf(report, 'p95')).toMatchObject({ state: 'not proven', reason: 'notMeasured' })
    expect(report.verdict).toBe('incomplete')
  })

  test('without a sample is not proven', () => {
    const none = expectedLoad().map((one) => (one.key === 'p95' ? { ...one, samples: 0 } : one))
    expect(goalOf(averageWith(none), 'p95')).toMatchObject({ state: 'not proven' })
  })

  test('is not proven by a run in which something else was wrong', () => {
    const report = reportOf([...without('average'), loadRecord('average', 2, { findings: ['the generator was the limit'] })])
    expect(goalOf(report, 'p95')).toMatchObject({ state: 'not proven', reason: 'void' })
  })

  test('is met by the worst of several values, in whichever unit of time', () => {
    const restore = (value: number) =>
      withDrill('restore', {
        measurements: [
          measured('recoveryTime', 120, 's', 1, ['at most', 3600, 'handover.goals.recoveryTime']),
          measured('projectedRecoveryTime', value, 'ms', 1, ['at most', 3_600_000, 'handover.goals.recoveryTime']),
          measured('recoveryPoint', 60, 's', 1, ['at most', 86_400, 'handover.goals.recoveryPoint']),
        ],
      })
    expect(goalOf(restore(3_000_000), 'recoveryTime')).toMatchObject({ state: 'passed', measured: 3000 })
    expect(goalOf(restore(3_700_000), 'recoveryTime')).toMatchObject({ state: 'failed', margin: -100 })
  })
})

describe('risks', () => {
  test('follow from what failed, what is missing, where it ran, and what images are', () => {
    const { risks, verdict } = reportOf(troubledRecords(), { images: troubledImages() })
    expect(verdict).toBe('failed')
    const named = (kind: string, names: readonly string[]) => names.map((name) => ({ kind, name }))
    expect(risks).toEqual([
      ...[{ key: 'failedTest', test: { kind: 'load', name: 'stress' } }],
      ...[{ key: 'failedTest', test: { kind: 'drill', name: 'replica-cut-off' } }],
      {
        key: 'notTested',
        tests: [
          ...named('load', ['spike', 'soak', 'breakpoint']),
          ...named('drill', ['point-in-time', 'disk-filling', 'rejoin']),
        ],
      },
      { key: 'sandbox', tests: 1, of: 13 },
      { key: 'imageOutdated', image: 'ballast-replica-20261102t090000z' },
      { key: 'imageUntested', image: 'ballast-untested' },
    ])
  })

  test('a goal that is met by less than a tenth, and a definition that was not committed, are risks', () => {
    const tight = loadRecord('average', 2, { measurements: expectedLoad({ p95: 190 }), commit: `${'a'.repeat(40)}-dirty` })
    expect(reportOf([...without('average'), tight]).risks).toEqual([
      { key: 'notTested', tests: ['stress', 'spike', 'soak', 'breakpoint'].map((name) => ({ kind: 'load', name })) },
      { key: 'testedInPart', test: { kind: 'drill', name: 'disk-filling' } },
      { key: 'thinMargin', goal: 'p95' },
      { key: 'uncommitted', tests: 1 },
    ])
  })
})
