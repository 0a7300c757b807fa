import { expect, test } from 'vitest'
import { installCommand, missingRequirements, requirements } from '../../../tools/machine/packages.ts'
import type { Purpose } from '../../../tools/machine/requirement.ts'

const names = (has: (program: string) => boolean, purpose?: Purpose) =>
  missingRequirements(has, purpose).map((requirement) => requirement.package)

test('nothing is missing where every program is found', () => {
  expect(names(() => true, 'bench')).toEqual([])
})

test('one missing program makes its package missing', () => {
  expect(names((program) => program !== 'pg_amcheck')).toEqual(['postgresql'])
  expect(names((program) => program !== 'zstd', 'test')).toEqual(['zstd'])
})

test.each<[Purpose, string, string]>([
  ['bench', 'rclone', 'rclone'],
  ['test', 'chromium', 'chromium'],
])('what only `%s` needs is asked for by it alone', (purpose, program, name) => {
  const has = (one: string): boolean => one !== program
  const other = purpose === 'bench' ? 'test' : 'bench'
  expect([names(has), names(has, other), names(has, purpose)]).toEqual([[], [], [name]])
})

test('nobody installs everything for the demo', () => {
  const demo = requirements.filter(({ onlyFor }) => onlyFor === undefined)
  expect(names(() => false)).toEqual(demo.map((requirement) => requirement.package))
})

test('the command is the one that the reader can type', () => {
  expect(installCommand(['zstd', 'pgbouncer'], true)).toBe('apt-get install zstd pgbouncer')
  expect(installCommand(['zstd'], false)).toBe('sudo apt-get install zstd')
})
