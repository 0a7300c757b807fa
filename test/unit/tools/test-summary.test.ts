import { expect, test } from 'vitest'
import { countFailures, failureTexts } from '../../../tools/test-summary.ts'

const result = (status: string) => ({ status, fullName: `one that ${status}`, failureMessages: ['expected 1 to be 2\n  at a'] })
const passedFile = { name: 'a.test.ts', status: 'passed', assertionResults: [result('passed')] }
const failedFile = { name: 'b.test.ts', status: 'failed', assertionResults: [result('passed'), result('failed')] }
const unloadedFile = { name: 'c.test.ts', status: 'failed', message: 'cannot find module', assertionResults: [] }
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

test('each failure is told with its file, its test and what it said', () => {
  expect(failureTexts(report(1, passedFile, failedFile, unloadedFile))).toEqual([
    'b.test.ts: one that failed\n  expected 1 to be 2\n    at a',
    'c.test.ts: did not load\n  cannot find module',
  ])
})
