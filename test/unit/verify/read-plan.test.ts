import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planReads } from '../../../functions/verify/read-plan.ts'

const blockBytes = 8192
const table = fc.record({
  heap: fc.boolean(),
  filtered: fc.boolean(),
  heapBytes: fc.integer({ min: 0, max: 200_000 }).map((pages) => pages * blockBytes),
  toastBytes: fc.integer({ min: 0, max: 2 ** 31 }),
})

test('every page of every table is read exactly once, by whatever number of workers', () => {
  fc.assert(
    fc.property(fc.array(table, { maxLength: 30 }), fc.integer({ min: 1, max: 64 }), (tables, workers) => {
      const tasks = planReads(tables, blockBytes, workers)
      tables.forEach((one, index) => {
        const chunks = tasks.flatMap((task) => task.chunks).filter((chunk) => chunk.table === index)
        const ranges = chunks.map((chunk) => chunk.range).sort((a, b) => (a?.from ?? 0) - (b?.from ?? 0))
        if (one.filtered || !one.heap) expect(ranges).toEqual([undefined])
        else if (ranges.length > 1) {
          expect(ranges[0]?.from).toBe(0)
          ranges.forEach((range, place) => {
            expect(range?.to).toBe(ranges[place + 1]?.from)
          })
        } else expect(ranges).toEqual([undefined])
      })
    }),
  )
})

test('small tables share a task, large ones are cut, and the largest come first', () => {
  const mebibyte = 1024 * 1024
  const sized = (heapBytes: number) => ({ heap: true, filtered: false, heapBytes, toastBytes: 0 })
  const tasks = planReads([sized(0), sized(256 * mebibyte), sized(8192)], blockBytes, 2)
  expect(tasks.length).toBe(9)
  expect(tasks[0]).toEqual({ chunks: [{ table: 1, range: { from: 0, to: 4096 } }] })
  expect(tasks.at(-2)?.chunks[0]?.range?.to).toBeUndefined()
  expect(tasks.at(-1)).toEqual({ chunks: [{ table: 2 }, { table: 0 }] })
})
