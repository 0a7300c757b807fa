import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { copyOutSql, type PageRange } from '../../../functions/archive/read-table.ts'
import { type PlannedTask, planTasks, workerTables } from '../../../functions/backup/plan.ts'
import type { SourceTable } from '../../../functions/backup/source-tables.ts'
import { sampleSourceTable } from '../../support/source-tables.ts'

const MiB = 1024 * 1024
const page = 8192
const sizes = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 }).map((pages) => pages * page) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((pages) => pages * page) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 4_000_000 }).map((pages) => pages * page) },
)
const table = fc.record({
  heapBytes: sizes,
  toastBytes: sizes,
  heap: fc.boolean(),
  leftToPgDump: fc.option(fc.constant('configuration of an extension'), { nil: undefined, freq: 10 }),
})
const tables: fc.Arbitrary<SourceTable[]> = fc
  .array(table, { maxLength: 300 })
  .map((shapes) =>
    shapes.map(({ leftToPgDump, ...shape }, index) =>
      sampleSourceTable({ ...shape, name: `t${index}`, oid: index + 1, ...(leftToPgDump && { leftToPgDump }) }),
    ),
  )
const workers = fc.integer({ min: 1, max: 64 })

type Unit = Extract<PlannedTask, { type: 'unit' }>
const unitsOf = (tasks: readonly PlannedTask[]): Unit[] => tasks.filter((task): task is Unit => task.type === 'unit')
const sizeOf = ({ heapBytes, toastBytes }: SourceTable): number => heapBytes + toastBytes

/** The ranges planned for a table, in the order of their pages. */
function rangesOf(tasks: readonly PlannedTask[], index: number): (PageRange | undefined)[] {
  return tasks
    .flatMap((task) => task.chunks)
    .filter((chunk) => chunk.table === index)
    .map(({ range }) => range)
    .sort((a, b) => (a?.from ?? 0) - (b?.from ?? 0))
}

describe('a plan', () => {
  test('reads every page of every table exactly once, to wherever the table ends by then', () => {
    fc.assert(
      fc.property(tables, workers, (all, count) => {
        const tasks = planTasks(all, page, count)
        all.forEach((one, index) => {
          const ranges = rangesOf(tasks, index)
          if (ranges.length === 1) {
            expect(ranges[0]).toBeUndefined()
            return
          }
          expect(one.heap).toBe(true)
          expect(ranges[0]?.from).toBe(0)
          expect(ranges.at(-1)?.to).toBeUndefined()
          ranges.slice(0, -1).forEach((range, place) => {
            expect(range?.to).toBe(ranges[place + 1]?.from)
            expect(range?.to).toBeGreaterThan(range?.from ?? Number.POSITIVE_INFINITY)
          })
          expect(ranges.at(-1)?.from).toBeLessThan(one.heapBytes / page)
        })
      }),
    )
  })

  test('stores in units what units can carry, and only digests what pg_dump stores, and the large objects', () => {
    fc.assert(
      fc.property(tables, workers, (all, count) => {
        const tasks = planTasks(all, page, count)
        const inUnits = new Set(unitsOf(tasks).flatMap(({ chunks }) => chunks.map((chunk) => chunk.table)))
        expect([...inUnits].sort((a, b) => a - b)).toEqual(
          all.flatMap(({ leftToPgDump }, index) => (leftToPgDump === undefined ? [index] : [])),
        )
        const digested = tasks.filter((task) => task.type === 'digest').flatMap(({ chunks }) => chunks)
        expect(digested.map((chunk) => chunk.table).sort((a, b) => a - b)).toEqual([
          ...all.flatMap(({ leftToPgDump }, index) => (leftToPgDump === undefined ? [] : [index])),
          all.length,
        ])
      }),
    )
  })

  test('begins with the largest table and numbers its units from 1 without a gap', () => {
    fc.assert(
      fc.property(tables, workers, (all, count) => {
        const units = unitsOf(planTasks(all, page, count))
        const order = units.flatMap(({ chunks }) => chunks.map((chunk) => all[chunk.table]))
        order.slice(1).forEach((one, place) => {
          const before = order[place]
          if (one !== undefined && before !== undefined) expect(sizeOf(before)).toBeGreaterThanOrEqual(sizeOf(one))
        })
        expect(units.map(({ unit }) => unit)).toEqual(units.map((_, index) => index + 1))
      }),
    )
  })

  test('keeps its limits: tables in one unit, pages in one range, units in one set', () => {
    fc.assert(
      fc.property(tables, workers, (all, count) => {
        const units = unitsOf(planTasks(all, page, count))
        const total = all.reduce((sum, one) => sum + sizeOf(one), 0)
        const target = Math.max(64 * MiB, Math.ceil(total / 20_000))
        for (const { chunks } of units) {
          expect(chunks.length).toBeLessThanOrEqual(200)
          for (const { table: index, range } of chunks) {
            const one = all[index]
            if (one === undefined || range?.to === undefined) continue
            const share = (range.to - range.from) / (one.heapBytes / page)
            // A single page may be more than that, with all that is out of line.
            expect(share * sizeOf(one)).toBeLessThanOrEqual(Math.max(target, sizeOf(one) / (one.heapBytes / page)) + 1)
          }
        }
        expect(units.length).toBeLessThanOrEqual(2 * 20_000 + Math.ceil(all.length / 200) + 1)
      }),
    )
  })

  test('is the same for the same tables', () => {
    fc.assert(
      fc.property(tables, workers, (all, count) => {
        expect(planTasks(structuredClone(all), page, count)).toEqual(planTasks(all, page, count))
      }),
      { numRuns: 30 },
    )
  })

  test('of an empty database is the large objects alone', () => {
    expect(planTasks([], page, 4)).toEqual([{ type: 'digest', chunks: [{ table: 0 }] }])
  })

  test('cuts one large table for all workers, and counts what is out of line', () => {
    const outOfLine = sampleSourceTable({ heapBytes: 4 * MiB, toastBytes: 1020 * MiB })
    const tasks = unitsOf(planTasks([outOfLine], page, 2))
    expect(tasks.slice(0, 12).map(({ chunks }) => chunks)).toEqual(
      Array.from({ length: 12 }, (_, place) => [{ table: 0, range: { from: place * 32, to: place * 32 + 32 } }]),
    )
    expect(tasks[12]?.chunks).toEqual([{ table: 0, range: { from: 384, to: 416 } }])
    expect(tasks[13]?.chunks).toEqual([{ table: 0, range: { from: 416, to: 440 } }])
  })

  test('puts 2,000 small tables into few units', () => {
    const small = Array.from({ length: 2000 }, (_, index) => sampleSourceTable({ name: `t${index}`, heapBytes: page }))
    expect(unitsOf(planTasks(small, page, 2)).length).toBeLessThanOrEqual(24)
  })
})

test('of the large objects is the one after the last table', () => {
  const all = [sampleSourceTable(), sampleSourceTable({ name: 'b', filter: 'WHERE a' })]
  const [first, second, large] = workerTables(all)
  expect(first).toEqual({ schema: 'public', name: 'orders', columns: ['id', 'note'] })
  expect(second?.filter).toBe('WHERE a')
  expect(large?.query).toContain('lo_get')
  expect(large && copyOutSql(large)).toMatch(/^COPY \([^;]*pg_largeobject_metadata[^;]*\) TO STDOUT$/)
})
