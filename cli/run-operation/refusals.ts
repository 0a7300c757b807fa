import type { Failure } from '../../functions/platform/failure.ts'
import { configFailure } from '../settings/config-failure.ts'
import { runnableNames } from './operations.ts'

/** The Failure of an operation that `ballast run` does not know. */
export function notRunnable(name: string): Failure {
  return configFailure(`there is no scheduled operation "${name}"`, name, `There are: ${runnableNames.join(', ')}.`)
}
