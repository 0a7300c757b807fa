import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { holdSecret, redact } from '../../../../functions/platform/secrets/held-secret.ts'

const value = 'hunter2/"ção'

test('a held secret is in nothing that prints it', () => {
  const settings = { webhook: holdSecret(value) }
  expect(JSON.stringify(settings) + inspect(settings, { depth: 9, showHidden: true }) + String(settings.webhook)).not.toContain(
    'hunter2',
  )
  expect(settings.webhook.reveal()).toBe(value)
})

test.each([value, encodeURIComponent(value), encodeURI(value), JSON.stringify(value), Buffer.from(value).toString('base64')])(
  '%s is taken out of a text',
  (form) => {
    expect(redact(`before ${form} after`, [value])).toMatch(/^before "?\[redacted\]"? after$/)
  },
)

test('words that are too short to be secrets stay', () => {
  expect(redact('the v1 of it', ['v1', ''])).toBe('the v1 of it')
})
