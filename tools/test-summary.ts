import { readFile } from 'node:fs/promises'

/** The part of vitest's JSON report that is counted. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  /** Of test files; one that failed without a failed test could not be loaded. */
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/** How many failures a report stands for: tests, files that did not load, and an exit code that neither explains. */
export function countFailures(report: Report, testsExit: number): number {
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  const failed = report.numFailedTests + unloaded.length
  return failed === 0 && testsExit !== 0 ? 1 : failed
}

async function read(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? { numPassedTests: 0, numFailedTests: 0, testResults: [] } : JSON.parse(text)
}

if (import.meta.main) {
  const [checksFailed, ...runs] = process.argv.slice(2)
  let passed = 0
  let failed = Number(checksFailed)
  while (runs.length > 0) {
    const [path = '', exit] = runs.splice(0, 2)
    const report = await read(path)
    passed += report.numPassedTests
    failed += countFailures(report, Number(exit))
  }
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
