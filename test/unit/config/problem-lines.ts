import { ConfigError, describeProblem } from '../../../config/index.ts'

/** The lines of the ConfigError that an action throws; none when it throws nothing. Any other error is passed on. */
export function problemLines(action: () => unknown): string[] {
  try {
    action()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(describeProblem)
    throw error
  }
}
