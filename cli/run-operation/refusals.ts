import type { Failure } from '../../functions/platform/failure.ts'
import { configFailure } from '../settings/config-failure.ts'
import { operations } from './operations.ts'

/** The Failure of an operation that `ballast run` does not know. */
export function notRunnable(name: string): Failure {
  const known = Object.keys(operations).join(', ')
  return configFailure(`there is no scheduled operation "${name}"`, name, `There are: ${known}.`)
}

/** The Failure of a run without a definition, which is where schedules are. */
export function noDefinition(): Failure {
  const hint = 'Name it with --config FILE, or run where ballast.config.ts lies.'
  return configFailure('there is no definition here', '--config', hint)
}
