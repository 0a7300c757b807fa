import { readFile } from 'node:fs/promises'

/** The part of vitest's JSON report that is counted and told. */
interface Report {
  numPassedTests: number
  numFailedTests: number
  /** Of test files; one that failed without a failed test could not be loaded, and its message says why. */
  testResults: {
    name: string
    status: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] }[]
  }[]
}

/** The lines of a failure that are told: enough to know what was expected, not its whole stack. */
const toldLines = 12

/** How many failures a report stands for: tests, files that did not load, and an exit code that neither explains. */
export function countFailures(report: Report, testsExit: number): number {
  const failed = report.numFailedTests + unloaded(report).length
  return failed === 0 && testsExit !== 0 ? 1 : failed
}

/** Each failure of a report: its file, its test and the beginning of what it said. */
export function failureTexts(report: Report): string[] {
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${name}: ${fullName}\n${told(failureMessages?.join('\n'))}`),
  )
  const files = unloaded(report).map(({ name, message }) => `${name}: did not load\n${told(message)}`)
  return [...tests, ...files]
}

function unloaded(report: Report): Report['testResults'] {
  return report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
}

function told(message = ''): string {
  return message
    .split('\n')
    .slice(0, toldLines)
    .map((line) => `  ${line}`)
    .join('\n')
}

async function read(path: string): Promise<Report> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? { numPassedTests: 0, numFailedTests: 0, testResults: [] } : JSON.parse(text)
}

if (import.meta.main) {
  const [checksFailed, ...runs] = process.argv.slice(2)
  let passed = 0
  let failed = Number(checksFailed)
  if (failed > 0) console.log('failed: the checks (format, types, unused code)')
  while (runs.length > 0) {
    const [path = '', exit] = runs.splice(0, 2)
    const report = await read(path)
    passed += report.numPassedTests
    failed += countFailures(report, Number(exit))
    for (const text of failureTexts(report)) console.log(`failed: ${text}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed === 0 ? 0 : 1
}
