import { describe, expect, test } from 'vitest'
import { drillColumns, drillEvents, drillMeasurements, drillTables } from '../../../handover/drills/keys.ts'
import { loadColumns, loadEvents, loadMeasurements, loadScenarios, loadTables } from '../../../handover/loadtest/keys.ts'
import { keyTextsOf, textsOf } from '../../../handover/texts/languages.ts'

const sorted = (...lists: readonly (readonly string[])[]): string[] => [...new Set(lists.flat())].sort()

describe.each(['pt-BR', 'en'] as const)('texts of keys in %s', (language) => {
  const { measurements, events, tables, columns, scenarios } = keyTextsOf(language)

  test('are there for every key that records may hold, and for no other', () => {
    expect(Object.keys(measurements).sort()).toEqual(sorted(drillMeasurements, loadMeasurements))
    expect(Object.keys(events).sort()).toEqual(sorted(drillEvents, loadEvents))
    expect(Object.keys(tables).sort()).toEqual(sorted(drillTables, loadTables))
    expect(Object.keys(columns).sort()).toEqual(sorted(drillColumns, loadColumns))
    expect(Object.keys(scenarios).sort()).toEqual(sorted(loadScenarios))
  })
})

/** Every text with its path; functions are called with something. */
function words(texts: object, path = ''): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) => {
      if (typeof value === 'object') return [...words(value, `${path}${key}.`)]
      if (typeof value === 'string') return [[`${path}${key}`, value] as const]
      const args =
        key === 'counts'
          ? [
              { passed: 1, required: 2 },
              { passed: 1, all: 2 },
            ]
          : ['a', 'b', 'c', 'd']
      return [[`${path}${key}`, (value as (...all: unknown[]) => string)(...args)] as const]
    }),
  )
}

test('both languages say the same things, none of them is empty, and none is left in the other language', () => {
  const all = (language: 'pt-BR' | 'en') => words({ ...textsOf(language), ...keyTextsOf(language) })
  const [portuguese, english] = [all('pt-BR'), all('en')]
  expect([...portuguese.keys()]).toEqual([...english.keys()])
  expect([...portuguese, ...english].filter(([, text]) => text.trim() === '')).toEqual([])
  const same = [...portuguese].filter(([key, text]) => english.get(key) === text).map(([key]) => key)
  // The same word in both languages.
  expect(same).toMatchInlineSnapshot(`
    [
      "cover.cluster",
      "cover.commit",
      "dated",
      "columns.bytes",
      "lines.p95",
      "lines.p99",
      "digest",
      "values.backup",
      "values.pooler",
    ]
  `)
})
