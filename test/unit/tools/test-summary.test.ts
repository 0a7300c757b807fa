import { expect, test } from 'vitest'
import { countFailures } from '../../../tools/test-summary.ts'

const passedFile = { status: 'passed', assertionResults: [{ status: 'passed' }] }
const failedFile = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] }
const unloadedFile = { status: 'failed', assertionResults: [] }
const report = (numFailedTests: number, ...testResults: (typeof passedFile)[]) => ({
  numPassedTests: 1,
  numFailedTests,
  testResults,
})

test.each([
  ['all well', report(0, passedFile), 0, 0],
  ['a failed test counts once', report(1, passedFile, failedFile), 1, 1],
  ['a file that did not load counts', report(0, passedFile, unloadedFile), 1, 1],
  ['an exit code that nothing explains counts', report(0, passedFile), 1, 1],
  ['no report at all counts', report(0), 1, 1],
])('%s', (_, given, testsExit, expected) => {
  expect(countFailures(given, testsExit)).toBe(expected)
})
