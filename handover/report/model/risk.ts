import type { GoalKey } from './goals.ts'
import type { Test } from './tests.ts'

/** Something that whoever signs should know. */
export type Risk =
  /** Failed, with what was found. */
  | { key: 'failedTest'; test: Test }
  | { key: 'missedGoal'; goal: GoalKey }
  | { key: 'unprovenGoal'; goal: GoalKey }
  | { key: 'notTested'; tests: Test[] }
  /** It ran, and could not show all that it asks for. */
  | { key: 'testedInPart'; test: Test }
  /** A drill passed, and a later attempt came to no result. */
  | { key: 'laterAttempt'; test: Test }
  | { key: 'thinMargin'; goal: GoalKey }
  /** Tests that ran on the sandbox, and say nothing of the client's machines. */
  | { key: 'sandbox'; tests: number; of: number }
  /** Tests whose definition was no committed one. */
  | { key: 'uncommitted'; tests: number }
  | { key: 'imageFailed' | 'imageUntested' | 'imageOutdated'; image: string }
  | { key: 'noBackup' | 'unprovenBackup' | 'differentBackup'; database: string }
