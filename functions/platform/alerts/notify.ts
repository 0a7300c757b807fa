import { throwIfAborted } from '../abort.ts'
import { type Failure, toFailure } from '../failure.ts'
import type { ObjectStore } from '../object-store/store.ts'
import { type AlertEvent, claimMs, decide, isEnd, settle } from './decide.ts'
import { type DeliveryLimits, defaultDeliveryLimits } from './deliver.ts'
import { changeState } from './keep-state.ts'
import { type EventReport, fullState, type NotifyReport, replacedState, unkeptState, unsettledState } from './notify-report.ts'
import { type Observation, worstByKey } from './observation.ts'
import { type Route, tellEvent } from './route.ts'
import type { AlertSettings } from './settings.ts'

/** Where the state is, and what time it is. */
export interface NotifyContext {
  store: ObjectStore
  /** Key of the state; one per cluster. */
  stateKey: string
  nowMs: number
  signal?: AbortSignal
  limits?: DeliveryLimits
}

/** No event is begun after this: the claims on those left would run out meanwhile. */
const deliverWithinMs = claimMs - 60_000

/**
 * Takes note of what a poll found, and tells people what follows from it. The events are claimed in the state before they are
 * delivered, so that of two runs at once only one tells them; what nobody took stays owed, and a later run tells it.
 *
 * @throws only the signal's Failure: everything else is in the report.
 */
export async function notify(
  observations: readonly Observation[],
  settings: AlertSettings,
  context: NotifyContext,
): Promise<NotifyReport> {
  const { store, stateKey: key, nowMs, signal, limits = defaultDeliveryLimits } = context
  const claimed = await claimEvents(observations, settings, context)
  const route: Route = { limits, givenUp: new Map(), signal }
  const endMs = performance.now() + deliverWithinMs
  const events: NotifyReport['events'] = []
  for (const event of claimed.events) {
    const late = signal?.aborted || performance.now() >= endMs
    events.push(late ? { event, heard: false, deliveries: [] } : await tellEvent(event, settings, route))
  }

  const problems = [...claimed.problems]
  const nobodyToTell = settings.channels.length === 0
  if (claimed.inState && events.length > 0) {
    const results = events.map(({ event, heard, deliveries }) => ({
      ...{ key: event.key, type: event.type, atMs: event.atMs, heard: heard || nobodyToTell },
      channels: deliveries.filter(({ delivered }) => delivered).map(({ channel }) => channel),
      missed: missedEnd({ event, heard, deliveries }),
    }))
    // Also in a run that is being stopped: what was told must not be told again.
    await changeState({ store, key }, (entries) => ({ entries: settle(entries, results, nowMs), result: undefined })).catch(
      (failure: unknown) => problems.push(unsettledState(toFailure(failure, key))),
    )
  }
  throwIfAborted(signal, key)
  const isKept = problems.every(({ status }) => status !== 'fail')
  return { ok: isKept && (nobodyToTell || events.every(({ heard }) => heard)), events, problems }
}

/** Channels that have heard of an alert and not of its end: those that refuse it for good never will. */
function missedEnd({ event, deliveries }: EventReport): string[] {
  if (!isEnd(event)) return []
  const passing = deliveries.filter(({ delivered, failure }) => !delivered && failure?.kind === 'transient')
  return passing.map(({ channel }) => channel).filter((channel) => event.channels.includes(channel))
}

interface Claimed {
  events: AlertEvent[]
  inState: boolean
  problems: NotifyReport['problems']
}

async function claimEvents(
  observations: readonly Observation[],
  settings: AlertSettings,
  { store, stateKey: key, nowMs, signal }: NotifyContext,
): Promise<Claimed> {
  try {
    const { result, replaced } = await changeState({ store, key, signal }, (entries) => {
      const { entries: next, ...rest } = decide(entries, observations, settings, nowMs)
      return { entries: next, result: rest }
    })
    const place = `${store.location}/${key}`
    const problems = [
      ...(replaced === undefined ? [] : [replacedState(place, replaced)]),
      ...(result.dropped === 0 ? [] : [fullState(place, result.dropped)]),
    ]
    return { events: result.events, inState: true, problems }
  } catch (thrown) {
    throwIfAborted(signal, key)
    const failure: Failure = toFailure(thrown, key)
    return { events: untracked(observations, settings, nowMs), inState: false, problems: [unkeptState(failure)] }
  }
}

/** The end of a run is told even where no state can be read; polls come too often for that. */
function untracked(observations: readonly Observation[], settings: AlertSettings, nowMs: number): AlertEvent[] {
  const ended = [...worstByKey(observations).values()].filter(({ immediate }) => immediate)
  return decide([], ended, settings, nowMs).events
}
