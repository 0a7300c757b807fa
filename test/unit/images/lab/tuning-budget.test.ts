import { expect, test } from 'vitest'
import { parseMemorySettings, promisedBytes } from '../../../../functions/images/lab/tuning-budget.ts'

const mib = 1024 ** 2

test('buffers, a quarter of the sessions at their limit, vacuum and the system are promised together', () => {
  const settings = parseMemorySettings(`${256 * mib}|${8 * mib}|${4 * mib}|2|100|${64 * mib}|3`)
  const expected = 256 + 8 + (100 * 4 * 2) / 4 + 3 * 64 + 0.15 * 1024
  expect(promisedBytes(settings, 1024 * mib)).toBe(Math.ceil(expected * mib))
})

test.each(['', '1|2|3', '1|2|3|x|5|6|7'])('%j is no answer', (row) => {
  expect(() => parseMemorySettings(row)).toThrow('these are no memory settings')
})
