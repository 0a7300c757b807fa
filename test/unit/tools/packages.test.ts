import { expect, test } from 'vitest'
import { installCommand, missingRequirements, requirements } from '../../../tools/machine/packages.ts'

const names = (has: (program: string) => boolean, withBench: boolean) =>
  missingRequirements(has, withBench).map((requirement) => requirement.package)

test('nothing is missing where every program is found', () => {
  expect(names(() => true, true)).toEqual([])
})

test('one missing program makes its package missing', () => {
  expect(names((program) => program !== 'pg_amcheck', true)).toEqual(['postgresql'])
  expect(names((program) => program !== 'zstd', false)).toEqual(['zstd'])
})

test('what only the benchmarks need is asked for by the benchmarks alone', () => {
  expect(names((program) => program !== 'pgbackrest', false)).toEqual([])
  expect(names(() => false, true)).toEqual(requirements.map((requirement) => requirement.package))
})

test('the command is the one that the reader can type', () => {
  expect(installCommand(['zstd', 'pgbouncer'], true)).toBe('apt-get install zstd pgbouncer')
  expect(installCommand(['zstd'], false)).toBe('sudo apt-get install zstd')
})
