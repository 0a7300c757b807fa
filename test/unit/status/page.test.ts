import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { contrasts, dark, light, type Palette } from '../../../functions/runtime/page/colors.ts'
import { formatFor } from '../../../functions/runtime/page/format.ts'
import { escapeHtml, html } from '../../../functions/runtime/page/html.ts'
import { textsOf } from '../../../functions/status/page/languages.ts'
import { pageFile, statusPage } from '../../../functions/status/page/page.ts'
import { statusFiles } from '../../../functions/status/publish-status.ts'
import { statusReport } from '../../../functions/status/report.ts'
import type { StatusFacts } from '../../../functions/status/status-facts.ts'
import { backupOf, historyOf, pollsUntil, sampledBackup, sampleNowMs, wellFacts } from '../../support/status-facts.ts'
import { troubledFacts } from '../../support/troubled-status.ts'

const languages = ['pt-BR', 'en'] as const
const page = (facts: StatusFacts, language: 'pt-BR' | 'en' = 'en'): string =>
  statusPage(statusReport(facts), language, languages)
const textOf = (markup: string): string =>
  markup
    .replace(/<(style|script)>.*?<\/\1>/gs, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

describe('texts', () => {
  /** Names of all texts, and of those within them. */
  function keys(value: object, path = ''): string[] {
    return Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' && inner !== null ? keys(inner, `${path}${key}.`) : [`${path}${key}`],
    )
  }

  test('both languages say the same things', () => {
    expect(keys(textsOf('pt-BR')).sort()).toEqual(keys(textsOf('en')).sort())
  })

  test('no text is left empty or in the other language', () => {
    const [portuguese, english] = [textsOf('pt-BR'), textsOf('en')]
    const words = (texts: object): Map<string, string> =>
      new Map(
        Object.entries(texts).flatMap(([key, value]) => {
          if (typeof value === 'object')
            return [...words(value)].map(([inner, text]): [string, string] => [`${key}.${inner}`, text])
          const call = value as (...args: unknown[]) => string
          return [[key, typeof value === 'string' ? value : call('a', 'b', 2)] as [string, string]]
        }),
      )
    const same = [...words(portuguese)]
      .filter(([key, text]) => text === '' || words(english).get(key) === text)
      .map(([key]) => key)
    // The same word in both languages.
    expect(same).toEqual(['operations.backup', 'sets'])
  })
})

test.each([
  ['en', 'All row counts equal; rows of 9 of 42 tables (21 % of the bytes) proven equal', 'others each time', 'Proven equal'],
  [
    'pt-BR',
    'Número de linhas igual em todas as tabelas; linhas de 9 de 42 tabelas (21 % dos bytes) idênticas',
    'outras a cada vez',
    'Idêntico ao original',
  ],
] as const)(
  'a verification of a part is shown as one in %s, and nowhere as one of everything',
  (language, shown, note, full) => {
    const sampled = textOf(
      page(wellFacts({ listings: [{ name: 'm', location: 'm', isCopy: false, sets: [sampledBackup('shop', 3)] }] }), language),
    )
    expect(sampled).toContain(shown)
    expect(sampled).toContain(note)
    expect(sampled).not.toContain(full)
    expect(sampled).not.toContain(textsOf(language).verificationNote)
    expect(textOf(page(wellFacts(), language))).toContain(textsOf(language).verificationNote)
  },
)

test.each([
  ['en', 'Replay paused for a backup since'],
  ['pt-BR', 'Aplicação do WAL pausada para um backup desde'],
] as const)('in %s, a pause of replay is on the page for as long as it lasts', (language, text) => {
  const polled = (more: object): StatusFacts => {
    const polls = pollsUntil(sampleNowMs - 20_000, 60_000, 0.1, () => ({ lagBytes: 10, ...more }))
    return wellFacts({ history: historyOf([{ operation: 'replication', polls }]) })
  }
  const report = statusReport(polled({ replayPausedSeconds: 3600 }))
  const paused = report.replication?.now
  expect(paused?.replayPausedSeconds).toBe(3600)
  const since = formatFor(language, report.timeZone).time((paused?.atMs ?? 0) - 3_600_000)
  expect(textOf(page(polled({ replayPausedSeconds: 3600 }), language))).toContain(`${text} ${since}`)
  expect(textOf(page(polled({}), language))).not.toContain(text)
})

describe('escaping', () => {
  const nasty = `<script>alert('x')</script>"&\u202e\u0000`
  const harmless = '&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\ufffd\ufffd'

  test('markup, quotes, control characters and what turns the direction of text', () => {
    expect(escapeHtml(nasty)).toBe(harmless)
    expect(html`<p title="${nasty}">${[nasty, html`<b>${1}</b>`, undefined]}</p>`.text).toBe(
      `<p title="${harmless}">${harmless}<b>1</b></p>`,
    )
  })

  test('a name that is markup is harmless wherever it stands', () => {
    const set = { ...backupOf(nasty, 3, { verdict: 'different' }) }
    const facts = wellFacts({
      ...{ cluster: nasty, title: nasty, environment: nasty },
      listings: [
        { name: nasty, location: nasty, isCopy: false, sets: [set] },
        { name: nasty, location: nasty, isCopy: true, sets: [] },
      ],
      openAlerts: { value: [{ name: nasty, subject: nasty, summary: nasty, severity: 'critical', sinceMs: sampleNowMs }] },
      history: { problem: nasty },
    })
    for (const language of languages) {
      const markup = page(facts, language)
      expect(markup.match(/<script/g)).toHaveLength(1)
      expect(markup).not.toContain("alert('x')")
      expect(markup.split(harmless).length).toBeGreaterThan(12)
    }
  })
})

describe('the policy', () => {
  const markup = page(troubledFacts())
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(markup)?.[1] ?? ''
  const hashOf = (tag: string): string => {
    const content = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(markup)?.[1] ?? ''
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`
  }

  test('allows nothing but the very style and script of the page', () => {
    expect(policy.split(';')).toEqual([
      "default-src 'none'",
      `style-src ${hashOf('style')}`,
      `script-src ${hashOf('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
  })

  test('is the same for every page: what was read is in neither', () => {
    expect(page(wellFacts(), 'pt-BR')).toContain(policy)
  })

  test('nothing is loaded: no address but those of the other pages', () => {
    const addresses = [...markup.matchAll(/(?:src|href|srcset|data|action|poster)="([^"]*)"/g)].map(([, address]) => address)
    expect(addresses).toEqual(['index.html'])
    expect(markup).not.toMatch(/@import|url\(|https?:\/\//)
    expect(markup).not.toMatch(/ style="| on[a-z]+="/)
  })
})

describe('contrast', () => {
  /** Relative luminance as WCAG 2.2 defines it. */
  function luminance(color: string): number {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
      const share = Number.parseInt(color.slice(start, start + 2), 16) / 255
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }

  function contrast(one: string, other: string): number {
    const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }

  test('is computed as the standard does', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 2)
  })

  test.each<[string, Palette]>([
    ['light', light],
    ['dark', dark],
  ])('of %s is enough for everything that stands on something', (_, palette) => {
    const weak = contrasts
      .map(([mark, ground, least]) => ({ mark, ground, least, is: contrast(palette[mark], palette[ground]) }))
      .filter(({ is, least }) => is < least)
    expect(weak).toEqual([])
    const judged = new Set<unknown>(contrasts.flat())
    // A line between rows says nothing by itself.
    expect(Object.keys(palette).filter((name) => !judged.has(name))).toEqual(['line'])
  })
})

describe('what it says', () => {
  test('times are those of the cluster, and until when the page holds stands in its text', () => {
    expect(textOf(page(wellFacts(), 'en'))).toContain(
      'As of 25 November 2026 at 13:17 GMT-3 . This page should be renewed by 25 November 2026 at 13:37 GMT-3 .',
    )
    expect(textOf(page(wellFacts(), 'pt-BR'))).toContain(
      'Esta página deve ser renovada até 25 de novembro de 2026 às 13:37 BRT',
    )
  })

  test('a page that nobody renews does not say by when', () => {
    const { renewByMs: _, ...facts } = wellFacts()
    expect(page(facts)).not.toContain('data-renew-by')
    expect(textOf(page(facts))).not.toContain('should be renewed')
  })

  test.each([
    ['well', wellFacts(), 'Tudo em ordem', 'All is well'],
    ['attention', troubledFacts(), 'Requer atenção', 'Needs attention'],
    ['unknown', wellFacts({ history: { problem: 'p' } }), 'Situação desconhecida', 'State unknown'],
  ])('%s', (_, facts, portuguese, english) => {
    expect(textOf(page(facts, 'pt-BR'))).toContain(portuguese)
    expect(textOf(page(facts, 'en'))).toContain(english)
  })

  test('what people rehearse has a row each, and a word where it is not done', () => {
    expect(textOf(page(troubledFacts(), 'pt-BR'))).toContain('Teste de restauração Em dia há 21 d 03/11, 14:20 01/12, 09:00')
    const value = new Map([
      ['drill', { atMs: sampleNowMs - 200 * 86_400_000, result: 'passed', by: 'Ana', note: 'n' }],
    ] as const)
    const facts = troubledFacts({ rehearsals: { value } })
    expect(textOf(page(facts, 'pt-BR'))).toContain('Está na hora do próximo: Ensaio de falhas.')
    expect(textOf(page(facts, 'pt-BR'))).toContain('Ensaio de falhas Atrasado há 200 d')
    expect(textOf(page(facts, 'en'))).toContain('Restore test Well never')
    // Who did it is for the team, and not for everybody who sees the page.
    expect(page(troubledFacts(), 'en')).not.toContain('Ana Souza')
    expect(page(wellFacts(), 'en')).not.toContain('rehearsals')
  })

  test('names of operations are those of the language, in the concerns too', () => {
    expect(textOf(page(troubledFacts(), 'pt-BR'))).toContain('A última execução de Backup (daily) não terminou bem.')
    expect(textOf(page(troubledFacts(), 'pt-BR'))).toContain('Atualidade dos backups')
  })

  test('what is not known is called so, and never none', () => {
    const { listings } = wellFacts()
    const [main] = listings
    const lost = troubledFacts().listings.filter((listing) => 'failure' in listing)
    const text = textOf(page(troubledFacts({ listings: lost })))
    expect(main).toBeDefined()
    expect(text).toContain('shop Unknown unknown')
    expect(text).not.toContain('shop Unknown none')
  })

  test('a chart without data says so in words', () => {
    const facts = troubledFacts({ history: { value: { series: [], problems: [] } } })
    expect(textOf(page(facts)).match(/No data\./g)).toHaveLength(2)
    expect(page(facts)).not.toContain('class="chart')
  })
})

describe('files', () => {
  test('the first language is index.html, and every page links the others', () => {
    expect(languages.map((language) => pageFile(language, languages))).toEqual(['index.html', 'en.html'])
    expect(pageFile('pt-BR', ['en', 'pt-BR'])).toBe('pt-br.html')
    expect(page(wellFacts(), 'pt-BR')).toContain('<a href="en.html" lang="en" hreflang="en">English</a>')
    expect(statusPage(statusReport(wellFacts()), 'en', ['en'])).not.toContain('<nav')
  })

  test('status.json is the report', () => {
    const report = statusReport(troubledFacts())
    const files = statusFiles(report, languages)
    expect(files.map(({ file, contentType }) => [file, contentType])).toEqual([
      ['status.json', 'application/json'],
      ['index.html', 'text/html; charset=utf-8'],
      ['en.html', 'text/html; charset=utf-8'],
    ])
    expect(JSON.parse(Buffer.from(files[0]?.bytes ?? []).toString())).toEqual(report)
  })

  test('a page of the reference cluster stays small', () => {
    expect(Buffer.byteLength(page(troubledFacts(), 'pt-BR'))).toBeLessThan(60_000)
  })
})
