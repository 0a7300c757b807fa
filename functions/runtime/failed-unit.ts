import type { Observation } from '../platform/alerts/observation.ts'
import { type RunName, runName } from './attend/observations.ts'

/** How a run of a systemd service ended, as systemd tells the unit that its OnFailure= names. */
export interface UnitEnd {
  /** Name of the service, with `.service`. */
  unit: string
  /** `exit-code`, `timeout`, `oom-kill`, `signal`, ... ; undefined where systemd does not say. */
  result: string | undefined
  /** A number, or the name of a signal. */
  status: string | undefined
}

/** How the service that failed ended, from the environment that systemd gives to the unit that is told. */
export function unitEnd(unit: string, env: Readonly<Record<string, string | undefined>>): UnitEnd {
  // Of several failures at once systemd does not say which it was.
  const known = env.MONITOR_UNIT === undefined || env.MONITOR_UNIT === unit
  return { unit, result: known ? env.MONITOR_SERVICE_RESULT : undefined, status: known ? env.MONITOR_EXIT_STATUS : undefined }
}

/** Exit code 1: the run came to its end and has itself told of what it found, as insistently as the definition wants. */
export function toldByItself({ result, status }: UnitEnd): boolean {
  return result === 'exit-code' && status === '1'
}

/**
 * The alert that the service of a run has failed. It has the run's own key: what the run has told itself is not told again, and
 * the next good run ends it.
 */
export function failedUnitObservation(name: RunName, end: UnitEnd, host: string): Observation {
  const { unit } = end
  const run = runName(name)
  return {
    ...{ key: run, name: `${name.operation}-failed`, subject: run, severity: 'critical', well: false, immediate: true },
    summary: `${unit} on ${host} ${howItEnded(end)}`,
    hint: `On ${host}, read \`journalctl -u ${unit} -n 50\`, put right what it says, then run \`systemctl start ${unit}\`.`,
  }
}

function howItEnded({ result, status }: UnitEnd): string {
  switch (result) {
    case undefined:
      return 'failed'
    case 'exit-code':
      return isSetUp(Number(status)) ? `could not be set up by systemd (exit code ${status})` : `ended with exit code ${status}`
    case 'timeout':
      return 'did not end in time and was stopped'
    case 'oom-kill':
      return 'was killed for the memory that it took'
    case 'signal':
    case 'core-dump':
      return `was killed by signal ${status}`
    default:
      return `failed (${result})`
  }
}

/** Exit codes by which systemd says what it could not prepare for a program, such as a directory (226). */
function isSetUp(status: number): boolean {
  return status >= 200 && status <= 243
}
