import { expect, test } from 'vitest'
import { compose } from '../../../../functions/platform/alerts/compose.ts'
import type { AlertEvent } from '../../../../functions/platform/alerts/decide.ts'
import { type Language, texts } from '../../../../functions/platform/alerts/texts.ts'

const sinceMs = Date.parse('2026-11-22T06:00:00Z')
const event: AlertEvent = {
  ...{ type: 'raise', key: 'replication-lag/db-2', name: 'replication-lag', subject: 'db-2', severity: 'critical' },
  ...{ summary: '64 MB behind', hint: 'Look at the network.', sinceMs, atMs: sinceMs, channels: [] },
}
const english = { cluster: 'shop', language: 'en' as const, runbooks: 'https://wiki.example.com/runbooks/' }
const portuguese = { ...english, language: 'pt-BR' as const }

test('no text is missing in any language, and none is left in the other one', () => {
  const languages = Object.keys(texts) as Language[]
  expect(languages).toEqual(['en', 'pt-BR'])
  for (const language of languages) {
    expect(Object.keys(texts[language]).sort()).toEqual(Object.keys(texts.en).sort())
    expect(Object.values(texts[language]).filter((text) => text.trim() === '')).toEqual([])
  }
  const same = Object.keys(texts.en).filter((name) => texts.en[name as 'raise'] === texts['pt-BR'][name as 'raise'])
  expect(same).toEqual([])
})

test('an alert says what is wrong, what to do, since when, and where to read on', () => {
  const { title, text, runbook } = compose(event, english)
  expect(title).toBe('[shop] ALERT (critical): replication-lag - db-2')
  expect(text).toBe(
    '64 MB behind\n\nWhat to do: Look at the network.\n\nSince: 2026-11-22 06:00 UTC\n' +
      'Runbook: https://wiki.example.com/runbooks/replication-lag',
  )
  expect(runbook).toBe('https://wiki.example.com/runbooks/replication-lag')
})

test.each<[AlertEvent['type'], number, string, string]>([
  [
    'reminder',
    3 * 3600 + 300,
    '[shop] CONTINUA (crítico): replication-lag - db-2',
    '64 MB behind\n\nO que fazer: Look at the network.\n\nDesde: 2026-11-22 06:00 UTC (há 3 h 05 min)\n' +
      'Procedimento: https://wiki.example.com/runbooks/replication-lag',
  ],
  [
    'recovery',
    52 * 3600,
    '[shop] RESOLVIDO: replication-lag - db-2',
    '64 MB behind\n\nDurou: 2 d 4 h (desde 2026-11-22 06:00 UTC)',
  ],
  [
    'forgotten',
    720,
    '[shop] ENCERRADO: replication-lag - db-2',
    `${texts['pt-BR'].forgottenWhy}\n64 MB behind\n\nDurou: 12 min (desde 2026-11-22 06:00 UTC)`,
  ],
])('%s in Portuguese', (type, seconds, title, text) => {
  const message = compose({ ...event, type, atMs: sinceMs + seconds * 1000 }, portuguese)
  expect(message).toMatchObject({ title, text })
})

test.each([
  ['https://wiki.example.com/runbooks', 'https://wiki.example.com/runbooks/a%20b'],
  ['https://wiki.example.com/?page=', 'https://wiki.example.com/?page=a%20b'],
  ['https://wiki.example.com/book#', 'https://wiki.example.com/book#a%20b'],
])('runbooks at %s', (runbooks, url) => {
  expect(compose({ ...event, name: 'a b' }, { ...english, runbooks }).runbook).toBe(url)
})

test('without runbooks there is no link, and a test has none', () => {
  expect(compose(event, { ...english, runbooks: undefined })).not.toHaveProperty('runbook')
  expect(compose({ ...event, type: 'test' }, english)).not.toHaveProperty('runbook')
})

test('a title is one line that fits', () => {
  const { title } = compose({ ...event, subject: `a\r\nBcc: x@example.com\u0007${'y'.repeat(300)}` }, english)
  expect(title).toMatch(/^\[shop\] ALERT \(critical\): replication-lag - a Bcc: x@example\.com y+\.\.\.$/)
  expect(title.length).toBe(200)
})
