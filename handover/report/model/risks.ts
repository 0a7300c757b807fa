import type { HandoverReport } from './report.ts'
import type { Risk } from './risk.ts'
import type { DrillResult, LoadResult, Test } from './tests.ts'

/** A goal that is met by less than this share of its target is met by little. */
const thinShare = 0.1

type Found = Pick<HandoverReport, 'goals' | 'drills' | 'loads' | 'images' | 'stored' | 'definition'>

/** The open risks that follow from what was found, the gravest first. */
export function risksOf(found: Found): Risk[] {
  return [
    ...failures(found),
    ...gaps(found),
    ...margins(found),
    ...circumstances(found),
    ...ofImages(found),
    ...ofBackups(found),
  ]
}

function testsOf({ drills, loads }: Found): (DrillResult | LoadResult)[] {
  return [...loads, ...drills]
}

/** A test without its result. */
function nameOf({ kind, name }: DrillResult | LoadResult): Test {
  return { kind, name } as Test
}

function failures(found: Found): Risk[] {
  const tests = testsOf(found).filter(({ verdict }) => verdict === 'failed')
  const goals = found.goals.filter(({ state }) => state === 'failed')
  return [
    ...goals.map(({ key }): Risk => ({ key: 'missedGoal', goal: key })),
    ...tests.map((one): Risk => ({ key: 'failedTest', test: nameOf(one) })),
  ]
}

function gaps(found: Found): Risk[] {
  const goals = found.goals.filter(({ state }) => state === 'not proven')
  const tests = testsOf(found)
  const missing = tests.filter(({ verdict }) => verdict === 'not run').map(nameOf)
  return [
    ...goals.map(({ key }): Risk => ({ key: 'unprovenGoal', goal: key })),
    ...(missing.length === 0 ? [] : [{ key: 'notTested', tests: missing } as const]),
    ...tests
      .filter(({ records }) => (records.counted?.untested ?? []).length > 0)
      .map((one): Risk => ({ key: 'testedInPart', test: nameOf(one) })),
    ...tests
      .filter(({ verdict, records }) => verdict === 'passed' && records.attempt !== undefined)
      .map((one): Risk => ({ key: 'laterAttempt', test: nameOf(one) })),
  ]
}

/** Of a goal that allows nothing, or that is at best just reached, the margin says nothing. */
function margins({ goals }: Found): Risk[] {
  const thin = goals.filter(
    ({ state, is, margin = 0, target }) => state === 'passed' && is === 'at most' && target > 0 && margin < target * thinShare,
  )
  return thin.map(({ key }) => ({ key: 'thinMargin', goal: key }))
}

function circumstances(found: Found): Risk[] {
  const records = testsOf(found).flatMap(({ records: { counted } }) => counted ?? [])
  const onSandbox = records.filter(({ on }) => on === 'sandbox').length
  const uncommitted = records.filter(({ commit }) => commit === undefined || commit.endsWith('-dirty')).length
  return [
    ...(onSandbox === 0 ? [] : [{ key: 'sandbox', tests: onSandbox, of: records.length } as const]),
    ...(uncommitted === 0 ? [] : [{ key: 'uncommitted', tests: uncommitted } as const]),
  ]
}

function ofImages({ images, definition }: Found): Risk[] {
  return images.flatMap(({ name, failed, origin }): Risk[] => [
    ...(failed === undefined ? [{ key: 'imageUntested', image: name } as const] : []),
    ...(failed !== undefined && failed.length > 0 ? [{ key: 'imageFailed', image: name } as const] : []),
    ...(origin.definition === definition ? [] : [{ key: 'imageOutdated', image: name } as const]),
  ])
}

function ofBackups({ stored = [] }: Found): Risk[] {
  return stored.flatMap(({ database, newest, proof }): Risk[] => {
    if (newest === undefined) return [{ key: 'noBackup', database }]
    if (proof === undefined) return [{ key: 'unprovenBackup', database }]
    return proof.verdict === 'different' ? [{ key: 'differentBackup', database }] : []
  })
}
