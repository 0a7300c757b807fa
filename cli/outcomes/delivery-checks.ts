import type { DeliveryReport } from '../../functions/platform/alerts/deliver.ts'
import { type Check, fail, ok, warn } from '../../functions/platform/check.ts'

/** What became of a test message on each channel. */
export function deliveryChecks(reports: readonly DeliveryReport[]): Check[] {
  return reports.map((report) => ({ subject: 'channels', ...finding(report) }))
}

function finding({ channel, delivered, note, failure }: DeliveryReport) {
  if (failure !== undefined) return fail(channel, failure.message, failure.hint)
  if (!delivered) return fail(channel, 'the message was not taken', 'Run it again.')
  return note === undefined
    ? ok(channel, 'took the message')
    : warn(channel, `took the message, but ${note}`, 'Check the addresses of this channel.')
}
