import { toFailure } from '../../platform/failure.ts'
import type { TestCheck } from '../test-report.ts'

/** What a look at running machines found; `detail` says what was seen, well or not. */
export type LabFinding = Pick<TestCheck, 'status' | 'detail'>

/** A finding: `problems` are what is wrong, and `seen` is said where there are none. */
export function judge(problems: readonly string[], seen: string): LabFinding {
  return problems.length === 0 ? { status: 'passed', detail: seen } : { status: 'failed', detail: problems.join('; ') }
}

/** Collects what a suite finds, in the order in which it looks. */
export interface Journal {
  readonly checks: readonly TestCheck[]
  /** Looks at one thing; a look that cannot be carried out has failed. */
  check(name: string, look: () => Promise<LabFinding>): Promise<void>
}

/** @param say told of each check when it is done. */
export function openJournal(suite: TestCheck['suite'], say: (line: string) => void): Journal {
  const checks: TestCheck[] = []
  return {
    checks,
    check: async (name, look) => {
      const found = await look().catch((error: unknown): LabFinding => {
        return { status: 'failed', detail: toFailure(error, name).message }
      })
      checks.push({ suite, name, ...found })
      say(`${found.status}: ${name}: ${found.detail}`)
    },
  }
}
