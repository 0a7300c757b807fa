import { expect, test } from 'vitest'
import type { AlertEvent } from '../../../../functions/platform/alerts/decide.ts'
import type { DeliveryReport } from '../../../../functions/platform/alerts/deliver.ts'
import { notifyChecks } from '../../../../functions/platform/alerts/notify-report.ts'

const event: AlertEvent = {
  ...{ type: 'raise', key: 'k', name: 'n', subject: 's', severity: 'critical', summary: '', hint: '' },
  ...{ sinceMs: 0, atMs: 0, channels: [] },
}
const took: DeliveryReport = { channel: 'chat', delivered: true, attempts: 1 }
const failed: DeliveryReport = {
  ...{ channel: 'on-call', delivered: false, attempts: 4 },
  failure: { kind: 'transient', message: 'The channel "on-call" answered with status 500', hint: 'Look.', code: 'Http500' },
}
const report = (deliveries: DeliveryReport[], heard: boolean) => ({
  ...{ ok: heard, problems: [], events: [{ event, heard, deliveries }] },
})

test.each<[string, ReturnType<typeof report>, Record<string, unknown>]>([
  ['somebody was told', report([took], true), { status: 'ok', finding: 'told by chat' }],
  [
    'somebody else was told',
    report([failed, took], true),
    { status: 'warn', finding: 'told by chat, but: The channel "on-call" answered with status 500', fix: 'Look.' },
  ],
  [
    'nobody was told',
    report([failed], false),
    { status: 'fail', finding: 'nobody was told: The channel "on-call" answered with status 500', fix: 'Look.' },
  ],
  ['there was nobody to tell', report([], false), { status: 'fail', finding: 'nobody was told' }],
])('%s', (_, given, check) => {
  expect(notifyChecks(given)).toMatchObject([{ subject: 'alerts', name: 'raise k', ...check }])
})

test.each(['warn', 'fail'] as const)('what is wrong with the state counts as it says (%s)', (status) => {
  const given = { ok: false, events: [], problems: [{ status, message: 'm', hint: 'h' }] }
  expect(notifyChecks(given)).toEqual([{ subject: 'alerts', name: 'state', status, finding: 'm', fix: 'h' }])
})
