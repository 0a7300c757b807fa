import { describe, expect, test } from 'vitest'
import { drills } from '../../../config/drills.ts'
import { pairs } from '../../../handover/loadtest/compare.ts'
import { junitXml } from '../../../handover/report/files/junit.ts'
import { reproducible } from '../../../handover/report/files/print-pdf.ts'
import { handoverReport } from '../../../handover/report/model/handover-report.ts'
import { drillGroups } from '../../../handover/report/page/drill-sections.ts'
import { reportPage } from '../../../handover/report/page/page.ts'
import { viewOf } from '../../../handover/report/page/view.ts'
import { sampleImages } from '../../support/handover-images.ts'
import { drillRecord, handoverCluster, loadRecord, measured } from '../../support/handover-records.ts'
import { passingRecords, troubledRecords } from '../../support/handover-scenes.ts'

const languages = ['pt-BR', 'en'] as const
const reportOf = (records: Parameters<typeof handoverReport>[0]['records']) =>
  handoverReport({ cluster: handoverCluster, ballast: '0.1.0', records, images: sampleImages() })
const pageOf = (records: Parameters<typeof reportOf>[0], language: 'pt-BR' | 'en') =>
  reportPage(reportOf(records), language, languages)
const textOf = (markup: string): string =>
  markup
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

test('the same records give the same page, JSON and XML, however they lie in time to the clock', () => {
  const [first, second] = [reportOf(troubledRecords()), reportOf(troubledRecords())]
  expect(JSON.stringify(second)).toBe(JSON.stringify(first))
  expect(junitXml(second)).toBe(junitXml(first))
  for (const language of languages) expect(reportPage(second, language, languages)).toBe(reportPage(first, language, languages))
  expect(first.asOf).toBe('2026-11-23T13:31:00.000Z')
})

test.each([
  ['en', 'the rows of 40 of 200 tables (21 % of the bytes) equal', 'restored, and every row equal'],
  ['pt-BR', 'linhas de 40 de 200 tabelas (21 % dos bytes) iguais', 'restaurado, e cada linha é igual'],
] as const)('a backup of which verification compared a part is shown as that in %s', (language, shown, full) => {
  const proof = { set: '2026-11-22T060000Z-daily', at: '2026-11-22T08:00:00.000Z' }
  const digests = { tables: 40, ofTables: 200, percent: 21 }
  const stored = [{ database: 'shop', proof: { ...proof, verdict: 'sampled' as const, digests } }]
  const facts = { cluster: handoverCluster, ballast: '0.1.0', records: passingRecords(), images: sampleImages(), stored }
  const text = textOf(reportPage(handoverReport(facts), language, languages))
  expect(text).toContain(shown)
  expect(text).not.toContain(full)
})

test.each([
  ['en', 'up to 50 /s, held for 10 min, on for 11 min in all', 'up to 50 /s, on for 11 min in all'],
  ['pt-BR', 'até 50 /s, mantida por 10 min, durante 11 min ao todo', 'até 50 /s, durante 11 min ao todo'],
] as const)('a load says how long its rate was held, where it was, in %s', (language, held, unheld) => {
  const plan = { ratePerSecond: 50, seconds: 660, virtualUsers: 120 }
  const textWith = (more: object) => textOf(pageOf([loadRecord('average', 0, { plan: { ...plan, ...more } })], language))
  expect(textWith({ plateauSeconds: 600 })).toContain(held)
  expect(textWith({})).toContain(unheld)
})

test('every drill is in one section', () => {
  expect(Object.values(drillGroups).flat().toSorted()).toEqual(drills.toSorted())
})

describe('the page', () => {
  test('says whose it is, of which definition, commit and date, and the verdict in words', () => {
    const text = textOf(pageOf(passingRecords(), 'en'))
    const { definition } = reportOf([])
    expect(text).toContain('Handover report')
    for (const part of ['Loja Exemplo Ltda.', 'shop (production)', definition, '4be1f0c5a2d94c1f8e6b7a903d5c2e1f7a6b8c9d'])
      expect(text).toContain(part)
    expect(text).toContain('23 November 2026 at 10:14')
    expect(text).toContain(
      'Passed Everything that the definition promises was tested and is met. 14 of 14 required tests passed; 9 of 9 goals are met.',
    )
    expect(text).toContain('95 % of answers within at most 200 ms 88.6 ms +111.4 ms 30,021 Passed')
  })

  test('names what failed and what is missing, and says why, in Portuguese', () => {
    const text = textOf(pageOf(troubledRecords(), 'pt-BR'))
    expect(text).toContain('Reprovado Pelo menos um teste ou uma meta falhou.')
    expect(text).toContain('Falharam: Estresse; Réplica isolada.')
    expect(text).toContain(
      'Recuperação para um ponto no tempo última execução com outra definição, 23 de novembro de 2026 às 09:57',
    )
    expect(text).toContain('Disco enchendo interrompido antes do fim')
    expect(text).toContain('The run was stopped by SIGINT; run it again when it may run to its end.')
    expect(text).toContain('1 teste de 13 foi executado em um sandbox')
    expect(text).toContain('Ana Souza CTO')
  })

  test('says of nothing that it passed where nothing ran', () => {
    const nothing = handoverReport({ cluster: handoverCluster, ballast: '0.1.0', records: [], images: [] })
    const page = reportPage(nothing, 'en', languages)
    expect(page).not.toContain('badge passed')
    expect(textOf(page)).toContain(
      'Incomplete Nothing that was tested failed, but not everything that must be shown was tested. This is not a pass.',
    )
    expect(textOf(page)).toContain('no test of this definition on record')
  })

  test('says of what ran what it could not show', () => {
    const page = pageOf(passingRecords(), 'en')
    const sentence = 'How full the disk must be for the server to refuse writes: it never did.'
    const untested = page.slice(page.indexOf('<section id="untested"'))
    expect(textOf(untested)).toContain(`Disk filling up ${sentence} In part`)
    expect(textOf(page)).toContain(`What this run could not show ${sentence}`)
    expect(textOf(untested)).toContain('Disk filling up: tested in part only; what is missing is named above.')
  })

  test('shows what records say as text, whatever it is', () => {
    const nasty = '<script>alert(1)</script>'
    const record = drillRecord('failover', 1, {
      findings: [nasty],
      events: [{ atMs: 1, key: 'firstWrite', detail: nasty }],
      tables: [{ key: 'rowCounts', columns: ['node'], rows: [[nasty]] }],
      commit: nasty,
    })
    const page = pageOf([record], 'en')
    expect(page).not.toContain('<script')
    expect(page.split('&lt;script&gt;alert(1)&lt;/script&gt;').length - 1).toBe(4)
  })

  test.each([
    ['en', 'entries 1,160 131 0.69 s', 'db-1 7.5 %', '6432'],
    ['pt-BR', 'entries 1.160 131 0,69 s', 'db-1 7,5 %', '6432'],
  ] as const)('writes quantities of evidence in %s, and numbers that are names as they are', (language, ...expected) => {
    const record = drillRecord('failover', 1, {
      tables: [
        {
          key: 'targetAnswers',
          columns: ['target', 'requests', 'failed', 'gapSeconds'],
          rows: [['entries', '1160', '131', '0.69']],
        },
        { key: 'diskFilling', columns: ['subject', 'freePercent'], rows: [['db-1', '7.5']] },
        { key: 'portAnswers', columns: ['port', 'bytes'], rows: [['6432', '']] },
      ],
    })
    const text = textOf(pageOf([record], language))
    for (const words of expected) expect(text).toContain(words)
  })

  test('shows a key that nobody has a text for as it is', () => {
    const record = drillRecord('failover', 1, {
      measurements: [measured('strangeNumber', 4, 's', 1)],
      events: [{ atMs: 1, key: 'strangeEvent', detail: '' }],
      tables: [{ key: 'strangeTable', columns: ['strangeColumn'], rows: [['1']] }],
      findings: ['x'],
    })
    const text = textOf(pageOf([record], 'pt-BR'))
    for (const key of ['strangeNumber', 'strangeEvent', 'strangeTable', 'strangeColumn']) expect(text).toContain(key)
  })
})

test('numbers carry their units, in the way of the language, and are not rounded to what they are not', () => {
  const [{ numbers: en }, { numbers: pt }] = [viewOf(reportOf([]), 'en'), viewOf(reportOf([]), 'pt-BR')]
  expect([en.quantity(200.04, 'ms'), en.quantity(99.895, '%'), en.quantity(50, '/s')]).toEqual(['200 ms', '99.895 %', '50 /s'])
  expect([pt.quantity(3.42, 's'), pt.quantity(412.6, 's'), pt.quantity(20_820, 's')]).toEqual([
    '3,42 s',
    '6 min 52,6 s',
    '5 h 47 min',
  ])
  expect([en.quantity(1_240_000_000, 'bytes'), en.difference(-31.4, 'ms'), en.difference(13, 'ms')]).toEqual([
    '1.2 GB',
    '−31.4 ms',
    '+13 ms',
  ])
  expect([en.after(26_324), en.after(61_950), en.clock(3_840)]).toEqual(['+0:26.3', '+1:01.9', '1:04:00'])
})

test('runs are compared name by name, and what has no sample is left out', () => {
  const now = [
    measured('p95', 1, 'ms', 1),
    measured('p95', 2, 'ms', 1),
    measured('p99', 3, 'ms', 0),
    measured('lost', 4, '%', 1),
  ]
  const before = [
    measured('p95', 5, 'ms', 1),
    measured('p99', 6, 'ms', 1),
    measured('p95', 7, 'ms', 1),
    measured('lost', 8, 'count', 1),
  ]
  expect(pairs(now, before).map(([one, other]) => [one.value, other.value])).toEqual([
    [1, 5],
    [2, 7],
  ])
})

test('of a PDF the dates become those of the report, the names of parts count from 0, and nothing else moves', () => {
  const pdfOf = (date: string, name: (index: number) => string): Buffer => {
    const structure = [2, 0, 1, 2].map((index) => `/ID (node${name(index)})`).join('\n')
    return Buffer.from(`/CreationDate (D:${date}+00'00')\n/ModDate (D:${date}+00'00')>>\u00ff\u00fe\n${structure}`, 'latin1')
  }
  const printed = (date: string, first: number): Buffer => pdfOf(date, (index) => String(first + index).padStart(8, '0'))
  const wanted = printed('20261123133100', 0)
  for (const pdf of [printed('20261127013701', 79), printed('20261127013702', 80)]) {
    expect(reproducible(pdf, Date.parse('2026-11-23T13:31:00Z')).toString('latin1')).toBe(wanted.toString('latin1'))
  }
})
