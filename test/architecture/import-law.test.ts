import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { laws } from './laws.ts'
import { lintPlanted } from './planted-tree.ts'
import { readTracked, trackedFiles } from './tracked-files.ts'

/** Lints one planted file per place, a line per specifier, and returns the specifiers refused there. */
async function refusedBy(places: readonly { place: string; lines: readonly string[] }[]): Promise<Map<string, string[]>> {
  const complaints = await lintPlanted(new Map(places.map(({ place, lines }) => [place, `${lines.join('\n')}\n`])))
  return new Map(
    places.map(({ place, lines }) => {
      const hits = complaints.filter(({ path, rule }) => path === place && rule === 'noRestrictedImports')
      return [place, lines.filter((_, index) => hits.some(({ line }) => line === index + 1))]
    }),
  )
}

test('every folder may import what its law allows, and Biome refuses all else', async () => {
  const planted = laws.map(({ place, allowed, refused }) => ({
    place,
    lines: [...allowed, ...refused].map((specifier) => `import '${specifier}'`),
  }))
  const found = await refusedBy(planted)
  const expected = laws.map(({ place, refused }) => [place, refused.map((specifier) => `import '${specifier}'`)])

  expect([...found]).toEqual(expected)
})

test('the law sees every form of import', async () => {
  const lines = [
    "import '../restore/planted.ts'",
    "import { a } from '../restore/planted.ts'",
    "import type { B } from '../restore/planted.ts'",
    "import * as c from '../restore/planted.ts'",
    "export { d } from '../restore/planted.ts'",
    "export type { E } from '../restore/planted.ts'",
    "export * from '../restore/planted.ts'",
    "export const f = await import('../restore/planted.ts')",
  ]
  const place = 'functions/backup/planted.ts'

  expect([...(await refusedBy([{ place, lines }]))]).toEqual([[place, lines]])
})

test('no folder is without a law of its own', async () => {
  const folders = new Set(
    trackedFiles()
      .filter((path) => path.endsWith('.ts'))
      .map(dirname),
  )
  folders.delete('.')
  const lines = ["import './own.ts'", "import '#alias'"]
  const found = await refusedBy([...folders].map((folder) => ({ place: `${folder}/planted-here.ts`, lines })))

  expect([...found]).toEqual([...folders].map((folder) => [`${folder}/planted-here.ts`, ["import '#alias'"]]))
})

/** `typeof import('x')`, `: import('x')`, `import('x').Name`: types, unlike `await import('x')`, which Biome reads. */
const inlineImportType = /(?:\btypeof|[:<|&]|\bas)\s*import\(|\bimport\([^()]*\)\.(?!then\b|catch\b|finally\b)/g

test('import types in place are told from imports', () => {
  const found = (text: string): boolean => [...text.matchAll(inlineImportType)].length > 0
  for (const type of ["x as typeof import('y')", "a: import('y').B", "Map<import('y').B, C>", "let a = b as import('y').B"]) {
    expect(found(type)).toBe(true)
  }
  for (const value of ["await import('y')", "[import('y')]", "() => import('y')", "import('y').then(z)"]) {
    expect(found(value)).toBe(false)
  }
})

test('no source reaches around the law by forms that Biome does not read', () => {
  const offenders = trackedFiles()
    .filter((path) => path.endsWith('.ts') && !path.startsWith('test/'))
    .flatMap((path) => {
      const text = readTracked(path)
      const inlineTypes = [...text.matchAll(inlineImportType)].map(([words]) => `import type in place: ${words}`)
      const workers = [...text.matchAll(/new URL\(\s*'(\.\.\/[^']*\.ts)'/g)].map(([, target]) => `module by URL: ${target}`)
      const hidden = [...text.matchAll(/createRequire|getBuiltinModule/g)].map(([word]) => word)
      return [...inlineTypes, ...workers, ...hidden].map((what) => `${path}: ${what}`)
    })

  expect(offenders).toEqual([])
})
