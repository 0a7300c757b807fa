import type { ScheduledOperation } from '../../../config/timetable.ts'
import type { Observation } from '../../platform/alerts/observation.ts'
import type { Check } from '../../platform/check.ts'
import { checksOf } from '../../platform/checks-outcome.ts'
import type { Outcome } from '../../platform/outcome.ts'

/** Whose run it was. */
export interface RunName {
  cluster: string
  operation: ScheduledOperation
  slot?: string | undefined
  part?: string | undefined
}

/** For people and as the key of the run's own alert: `shop/backup/daily`, or `shop/backup/daily/app` of a part. */
export function runName({ cluster, operation, slot, part }: RunName): string {
  return [cluster, operation, slot, part].filter((part) => part !== undefined).join('/')
}

/** Another run is doing the work: how that ends is for it to tell. */
export function isLeftToAnother({ ok, numbers }: Outcome): boolean {
  return ok && numbers.alreadyRunning === true
}

/**
 * What an outcome says to the people on call: the end of the run itself, which alarms at once when it failed, and each thing
 * that it checked, which alarms as polls do. A thing is one alert however much of it is not well: a replica that is cut off
 * fails several checks, and people are told once.
 */
export function observationsOf(run: RunName, outcome: Outcome): Observation[] {
  if (isLeftToAnother(outcome)) return []
  const checks = checksOf(outcome)
  const ranToItsEnd = outcome.failure === undefined || outcome.failure.kind === 'unwell'
  if (checks.length === 0 || !ranToItsEnd) return [runObservation(run, outcome)]
  const things = Map.groupBy(checks, ({ subject }) => subject)
  return [runObservation(run, { ok: true }), ...[...things].map(([subject, found]) => thingObservation(run, subject, found))]
}

function runObservation(run: RunName, { ok, failure }: Pick<Outcome, 'ok' | 'failure'>): Observation {
  return {
    ...{ key: runName(run), name: `${run.operation}-failed`, subject: runName(run), severity: 'critical', well: ok },
    summary: failure?.message ?? 'the run went well',
    hint: failure?.hint ?? 'Nothing.',
    immediate: true,
  }
}

function thingObservation({ operation }: RunName, subject: string, checks: readonly Check[]): Observation {
  const bad = checks.filter(({ status }) => status !== 'ok').sort((a, b) => rank(a) - rank(b))
  const told = bad.length === 0 ? checks : bad
  return {
    ...{ key: `${operation}/${subject}`, name: operation, subject, well: bad.length === 0 },
    severity: bad.some(({ status }) => status === 'fail') ? 'critical' : 'warning',
    summary: told.map(({ name, finding }) => `${name}: ${finding}`).join('; '),
    hint: [...new Set(bad.flatMap(({ fix }) => fix ?? []))].join(' ') || 'Nothing.',
    ...(told.every(({ remindDaily }) => remindDaily) ? { remindDaily: true } : {}),
    ...(bad.some(({ immediate }) => immediate) ? { immediate: true } : {}),
  }
}

function rank({ status }: Check): number {
  return status === 'fail' ? 0 : 1
}
