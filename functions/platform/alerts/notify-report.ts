import { type Check, fail, ok, warn } from '../check.ts'
import type { Failure } from '../failure.ts'
import type { AlertEvent } from './decide.ts'
import type { DeliveryReport } from './deliver.ts'

/** What became of one event. */
export interface EventReport {
  event: AlertEvent
  /** Whether anybody took it. What nobody took, the next run tells. */
  heard: boolean
  /** In the order they were tried. */
  deliveries: readonly DeliveryReport[]
}

/** Something about the state of alerts that is not as it should be. */
export interface StateProblem {
  /** `warn`: everything is told all the same, perhaps twice. */
  status: 'warn' | 'fail'
  message: string
  hint: string
}

/** What `notify` did. */
export interface NotifyReport {
  /** Everything that had to be told was heard, and what the polls found is remembered. */
  ok: boolean
  events: EventReport[]
  problems: StateProblem[]
}

/** The report as checks, for an Outcome: a run whose alerts nobody heard did not go well. */
export function notifyChecks({ events, problems }: NotifyReport): Check[] {
  return [
    ...events.map(eventCheck),
    ...problems.map(({ status, message, hint }) => ({ subject: 'alerts', name: 'state', status, finding: message, fix: hint })),
  ]
}

function eventCheck({ event, heard, deliveries }: EventReport): Check {
  const failed = deliveries.filter(({ delivered }) => !delivered)
  const takers = deliveries.filter(({ delivered }) => delivered).map(({ channel }) => channel)
  const subject = 'alerts'
  const name = `${event.type} ${event.key}`
  const why = failed.map(({ failure }) => failure?.message).join('; ')
  const fix = [...new Set(failed.map(({ failure }) => failure?.hint))].join(' ')
  if (failed.length === 0 && heard) return { subject, ...ok(name, `told by ${takers.join(', ')}`) }
  if (heard) return { subject, ...warn(name, `told by ${takers.join(', ')}, but: ${why}`, fix) }
  if (failed.length > 0) return { subject, ...fail(name, `nobody was told: ${why}`, fix) }
  return { subject, ...fail(name, 'nobody was told', 'Give the definition a channel in `alerts`, or start the run again.') }
}

export function unkeptState({ message, hint }: Failure): StateProblem {
  return {
    status: 'fail',
    message: `The state of alerts could not be read or changed, so polls raise no alert: ${message}`,
    hint,
  }
}

export function unsettledState({ message, hint }: Failure): StateProblem {
  return { status: 'warn', message: `The state does not say yet what was delivered, so it may be told again: ${message}`, hint }
}

export function replacedState(place: string, fault: string): StateProblem {
  return {
    status: 'warn',
    message: `The state of alerts ${fault}; it was begun anew, and alerts that stand are told again (${place})`,
    hint: 'Use one version of Ballast for all runs of a cluster, and let nothing else write this object.',
  }
}

export function fullState(place: string, dropped: number): StateProblem {
  return {
    status: 'warn',
    message: `There are more alerts than the state holds; ${dropped} were left out of it (${place})`,
    hint: 'Find what makes so many different alerts: a cluster has far fewer things to look at.',
  }
}
