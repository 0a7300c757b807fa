import fc from 'fast-check'
import { expect, test } from 'vitest'
import { drills } from '../../../config/drills.ts'
import { loadProfiles } from '../../../config/load-profiles.ts'
import { type RunRecord, verdictOf } from '../../../handover/records/verdict.ts'
import { junitXml } from '../../../handover/report/files/junit.ts'
import { handoverReport } from '../../../handover/report/model/handover-report.ts'
import { reportPage } from '../../../handover/report/page/page.ts'
import {
  drillRecord,
  expectedLoad,
  handoverCluster,
  handoverDefinition,
  loadRecord,
  measured,
  otherDefinition,
} from '../../support/handover-records.ts'
import { passingRecords } from '../../support/handover-scenes.ts'

/** What may become of a run, mostly good. */
const change = fc.record({
  definition: fc.oneof({ weight: 6, arbitrary: fc.constant(handoverDefinition) }, fc.constant(otherDefinition)),
  state: fc.oneof(
    { weight: 6, arbitrary: fc.constant('complete' as const) },
    fc.constantFrom('interrupted' as const, 'failed' as const, 'skipped' as const),
  ),
  findings: fc.oneof({ weight: 6, arbitrary: fc.constant<string[]>([]) }, fc.constant<string[]>(['something is wrong'])),
  restored: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.constant(false)),
  value: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constantFrom(1, Number.NaN)),
  samples: fc.oneof({ weight: 6, arbitrary: fc.constant(10) }, fc.constant(0)),
  p95: fc.oneof({ weight: 6, arbitrary: fc.constant(80) }, fc.constantFrom(199.9, 200.1, 900)),
  minute: fc.integer({ min: -500, max: 500 }),
})

const anyRun: fc.Arbitrary<RunRecord> = fc
  .tuple(change, fc.constantFrom(...drills), fc.constantFrom(...loadProfiles), fc.boolean())
  .map(([{ value, samples, p95, restored, minute, ...run }, drill, profile, isDrill]) => {
    if (!isDrill) return loadRecord(profile, minute, { ...run, measurements: expectedLoad({ p95 }) })
    return drillRecord(drill, minute, {
      ...run,
      restored,
      measurements: [measured('clientErrors', value, 'count', samples, ['exactly', 0, 'drill'])],
    })
  })

/** Some of the records with which everything passes, and any others. */
const anyRecords = fc
  .tuple(fc.subarray(passingRecords(), { minLength: 12 }), fc.array(anyRun, { maxLength: 12 }))
  .map(([some, others]) => [...some, ...others].toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt)))

const reportOf = (records: readonly RunRecord[]) =>
  handoverReport({ cluster: handoverCluster, ballast: '0.1.0', records, images: [] })

test('no records make anything pass that did not run to its end, or failed', () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const report = reportOf(records)
      for (const { kind, name, verdict } of [...report.drills, ...report.loads]) {
        const own = records.filter((one) => one.kind === kind && one.name === name && one.definition === handoverDefinition)
        const decided = own.filter((one) => verdictOf(one) !== 'not run')
        const newestMs = Math.max(...decided.map(({ startedAt }) => Date.parse(startedAt)))
        const newest = decided.filter(({ startedAt }) => Date.parse(startedAt) === newestMs)
        if (verdict === 'passed')
          expect(newest.some((one) => one.state === 'complete' && verdictOf(one) === 'passed')).toBe(true)
        if (verdict === 'not run') expect(decided.every((one) => verdictOf(one) === 'passed' && name === 'average')).toBe(true)
      }
      const all = [...report.drills, ...report.loads]
      if (report.verdict === 'passed') {
        expect(all.filter(({ verdict }) => verdict === 'failed')).toEqual([])
        expect(report.drills.map(({ verdict }) => verdict)).toEqual(Array(drills.length).fill('passed'))
        expect(report.loads.find(({ name }) => name === 'average')?.verdict).toBe('passed')
        expect(report.goals.every(({ state }) => state === 'passed')).toBe(true)
      }
    }),
    { numRuns: 400 },
  )
})

test('the page and the XML call as many things passed as the report does', () => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const report = reportOf(records)
      const page = reportPage(report, 'en', ['en'])
      const table = page.slice(
        page.indexOf('<table class="tests"'),
        page.indexOf('</table>', page.indexOf('<table class="tests"')),
      )
      const count = (text: string, part: string): number => text.split(part).length - 1
      const tests = [...report.drills, ...report.loads]
      expect(count(table, 'class="badge passed"')).toBe(tests.filter(({ verdict }) => verdict === 'passed').length)
      expect(count(table, 'class="badge not-run"')).toBe(tests.filter(({ verdict }) => verdict === 'not run').length)
      expect(page.includes('class="banner passed"')).toBe(report.verdict === 'passed')
      const xml = junitXml(report)
      const cases = xml.match(/<testcase[^>]*><\/testcase>/g) ?? []
      const passedGoals = report.goals.filter(({ state }) => state === 'passed').length
      expect(cases.length).toBe(tests.filter(({ verdict }) => verdict === 'passed').length + passedGoals)
    }),
    { numRuns: 40 },
  )
})
