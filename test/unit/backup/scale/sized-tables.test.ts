import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blockBytes, sizedTables } from '../../../../functions/backup/scale/sized-tables.ts'

const bytesOf = (tables: ReturnType<typeof sizedTables>) => tables.map(({ heapBytes }) => heapBytes)

test('tables have the size in all, in whole pages, the largest first, and the same each time', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 10, max: 13 }), (tables, digits) => {
      const bytes = 10 ** digits
      const sizes = bytesOf(sizedTables({ bytes, tables }))
      expect(sizes).toHaveLength(tables)
      expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
      expect(sizes.every((size) => size % blockBytes === 0)).toBe(true)
      expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) - bytes)).toBeLessThanOrEqual(tables * blockBytes)
      expect(bytesOf(sizedTables({ bytes, tables }))).toEqual(sizes)
    }),
  )
})

test('the largest is as large as it is said to be, and the others share the rest', () => {
  const [bytes, tables] = [1e12, 200]
  for (const largestBytes of [6e9, 1e11, 9e11]) {
    const sizes = bytesOf(sizedTables({ bytes, tables, largestBytes }))
    expect(Math.abs((sizes[0] ?? 0) / largestBytes - 1)).toBeLessThan(1e-6)
    expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) / bytes - 1)).toBeLessThan(1e-4)
  }
})

test('one that cannot be cut is one of the tables, and of the size', () => {
  const tables = sizedTables({ bytes: 1e12, tables: 20, uncutBytes: 2e11 })
  expect(tables).toHaveLength(20)
  expect(tables.filter(({ heap }) => !heap)).toMatchObject([{ heapBytes: Math.round(2e11 / blockBytes) * blockBytes }])
  expect(Math.abs(bytesOf(tables).reduce((sum, size) => sum + size, 0) / 1e12 - 1)).toBeLessThan(1e-4)
})

test.each([
  [{ bytes: 1e12, tables: 10, largestBytes: 2e12 }, '--largest'],
  [{ bytes: 1e12, tables: 10, largestBytes: 5e10 }, '--largest'],
  [{ bytes: 1e12, tables: 10, largestBytes: 1e12 }, '--largest'],
  [{ bytes: 1e12, tables: 10, uncutBytes: 2e12 }, '--uncut'],
  [{ bytes: 1e12, tables: 1, uncutBytes: 5e11 }, '--uncut'],
])('%j contradicts itself', (size, option) => {
  expect(() => sizedTables(size)).toThrow(expect.objectContaining({ kind: 'config', subject: option }))
})
