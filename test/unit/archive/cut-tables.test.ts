import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CutLimits, type Cuttable, cutTables, type TableChunk } from '../../../functions/archive/cut-tables.ts'

const MiB = 1024 * 1024
const blockBytes = 8192
const limits = (workers: number): CutLimits => ({ blockBytes, workers, minBytes: MiB, maxBytes: 64 * MiB, maxChunks: 200 })
const table = fc.record({
  heap: fc.boolean(),
  whole: fc.boolean(),
  heapBytes: fc.integer({ min: 0, max: 200_000 }).map((pages) => pages * blockBytes),
  toastBytes: fc.integer({ min: 0, max: 2 ** 31 }),
})
const workers = fc.integer({ min: 1, max: 64 })

test('every page of every table is in exactly one chunk, and tables that cannot be cut are in one', () => {
  fc.assert(
    fc.property(fc.array(table, { maxLength: 30 }), workers, (tables, count) => {
      const tasks = cutTables(tables, limits(count))
      tables.forEach((one, index) => {
        const ranges = tasks
          .flat()
          .filter((chunk) => chunk.table === index)
          .map((chunk) => chunk.range)
          .sort((a, b) => (a?.from ?? 0) - (b?.from ?? 0))
        if (one.whole || !one.heap || ranges.length === 1) expect(ranges).toEqual([undefined])
        else {
          expect(ranges[0]?.from).toBe(0)
          ranges.forEach((range, place) => {
            expect(range?.to).toBe(ranges[place + 1]?.from)
          })
        }
      })
    }),
  )
})

test('small tables share a task, large ones are cut, and the largest come first', () => {
  const sized = (heapBytes: number): Cuttable => ({ heap: true, heapBytes, toastBytes: 0 })
  const tasks = cutTables([sized(0), sized(256 * MiB), sized(8192)], limits(2))
  expect(tasks[0]).toEqual([{ table: 1, range: { from: 0, to: 8192 } }])
  expect(tasks.at(-2)?.[0]?.range?.to).toBeUndefined()
  expect(tasks.at(-1)).toEqual([{ table: 2 }, { table: 0 }])
})

test('workers that take one task after another end together', () => {
  const cuttable = fc.record({
    heap: fc.constant(true),
    heapBytes: fc.integer({ min: 0, max: 200_000 }).map((pages) => pages * blockBytes),
    toastBytes: fc.constant(0),
  })
  fc.assert(
    fc.property(fc.array(cuttable, { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (tables, count) => {
      const tasks = cutTables(tables, limits(count))
      const ends = Array.from({ length: count }, () => 0)
      for (const task of tasks) {
        const next = ends.indexOf(Math.min(...ends))
        ends[next] = (ends[next] ?? 0) + task.reduce((sum, chunk) => sum + bytesOf(chunk, tables), 0)
      }
      expect(Math.max(...ends) - Math.min(...ends)).toBeLessThanOrEqual(2 * MiB)
    }),
  )
})

function bytesOf({ table: index, range }: TableChunk, tables: readonly Cuttable[]): number {
  const bytes = tables[index]?.heapBytes ?? 0
  return (range?.to === undefined ? bytes : range.to * blockBytes) - (range?.from ?? 0) * blockBytes
}
