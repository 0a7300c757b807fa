import { compose } from './compose.ts'
import { type DeliveryLimits, type DeliveryReport, defaultDeliveryLimits, deliver } from './deliver.ts'
import type { Severity } from './observation.ts'
import type { AlertSettings } from './settings.ts'
import { texts } from './texts.ts'

/** Sends a test message through each of the channels named, side by side, and says what became of each. */
export async function sendTest(
  settings: AlertSettings,
  names: readonly string[],
  {
    severity,
    nowMs,
    signal,
    limits = defaultDeliveryLimits,
  }: { severity: Severity; nowMs: number; signal?: AbortSignal; limits?: DeliveryLimits },
): Promise<DeliveryReport[]> {
  const { testWhy, testHint } = texts[settings.language]
  const chosen = settings.channels.filter(({ name }) => names.includes(name))
  return await Promise.all(
    chosen.map((channel) => {
      const test = { type: 'test' as const, key: `test/${channel.name}`, name: 'test', subject: channel.name, channels: [] }
      const event = { ...test, severity, summary: testWhy, hint: testHint, sinceMs: nowMs, atMs: nowMs }
      return deliver(channel, compose(event, settings), limits, signal)
    }),
  )
}
