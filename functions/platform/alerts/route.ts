import { compose } from './compose.ts'
import { type AlertEvent, isEnd } from './decide.ts'
import { type DeliveryLimits, type DeliveryReport, deliver } from './deliver.ts'
import type { EventReport } from './notify-report.ts'
import type { AlertChannel, AlertSettings } from './settings.ts'

/** What holds for all events of a run. */
export interface Route {
  limits: DeliveryLimits
  /** Channels that failed for an event before: they are not waited for again in this run. */
  givenUp: Map<string, DeliveryReport>
  signal?: AbortSignal | undefined
}

/**
 * Tells one event: to the first channel of its severity's order that takes it, and the end of an alert to every channel that
 * was told of the alert. Where none of those takes it, the others are tried in their order.
 */
export async function tellEvent(event: AlertEvent, settings: AlertSettings, route: Route): Promise<EventReport> {
  const known = new Map(settings.channels.map((channel) => [channel.name, channel]))
  const toldBefore = isEnd(event) ? event.channels : []
  const deliveries: DeliveryReport[] = []
  const heard = () => deliveries.some(({ delivered }) => delivered)
  const tell = async (name: string): Promise<void> => {
    const channel = known.get(name)
    if (channel !== undefined) deliveries.push(await deliverOnce(channel, event, settings, route))
  }
  for (const name of toldBefore) await tell(name)
  for (const name of event.followsUp ? [] : settings.order[event.severity]) {
    if (heard()) break
    if (!toldBefore.includes(name)) await tell(name)
  }
  return { event, heard: event.followsUp === true || heard(), deliveries }
}

async function deliverOnce(
  channel: AlertChannel,
  event: AlertEvent,
  settings: AlertSettings,
  route: Route,
): Promise<DeliveryReport> {
  const before = route.givenUp.get(channel.name)
  if (before !== undefined) return { ...before, attempts: 0 }
  const report = await deliver(channel, compose(event, settings), route.limits, route.signal)
  if (!report.delivered) route.givenUp.set(channel.name, report)
  return report
}
