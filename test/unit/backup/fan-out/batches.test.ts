import fc from 'fast-check'
import { expect, it } from 'vitest'
import { missingBatches } from '../../../../functions/backup/fan-out/await-plan.ts'
import { planWork, taskBytes } from '../../../../functions/backup/fan-out/batches.ts'
import { batchDocuments } from '../../../../functions/backup/fan-out/plan-run.ts'
import type { PlannedTask } from '../../../../functions/backup/plan.ts'
import { sampleSourceTable } from '../../../support/source-tables.ts'

const mebibyte = 1024 * 1024

it('every task is in exactly one batch, in order, and what is only digested is alone', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 3000 * mebibyte }), { maxLength: 40 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 60 }), (bytes, workers) => {
      const tables = bytes.map((heapBytes, index) => sampleSourceTable({ oid: index + 1, heapBytes, toastBytes: 0 }))
      const { tasks, batches } = planWork(tables, 8192, { workers, callSeconds: 900 })
      const bytesOf = taskBytes(tables, 8192)
      expect(batches.flatMap(({ first, end }) => tasks.slice(first, end))).toEqual(tasks)
      expect(batches[0]).toEqual({ first: 0, end: 1 })
      for (const { first, end } of batches) {
        expect(end).toBeGreaterThan(first)
        expect(end - first).toBeLessThanOrEqual(64)
        const own = tasks.slice(first, end).reduce((sum, task) => sum + bytesOf(task), 0)
        if (end - first > 1) expect(own).toBeLessThanOrEqual(1024 * mebibyte)
      }
      const all = tasks.reduce((sum, task) => sum + bytesOf(task), 0)
      const whole = bytes.reduce((sum, one) => sum + one, 0)
      expect(Math.abs(all - whole)).toBeLessThanOrEqual(1)
    }),
  )
})

it('the last batches are no smaller than a call is worth', () => {
  const gibibyte = 1024 * mebibyte
  const batchesOf = (heapBytes: number, workers: number): number[] => {
    const tables = [sampleSourceTable({ oid: 1, heapBytes, toastBytes: 0 })]
    const { tasks, batches } = planWork(tables, 8192, { workers, callSeconds: 900 })
    const bytesOf = taskBytes(tables, 8192)
    return batches.map(({ first, end }) => tasks.slice(first, end).reduce((sum, task) => sum + bytesOf(task), 0))
  }
  // A batch ends where the next unit would be too much, or with 64 units; what is only digested, and the rest, may be less.
  const large = batchesOf(100 * gibibyte, 8).slice(1, -1)
  expect(Math.max(...large)).toBeLessThanOrEqual(gibibyte)
  expect(large.filter((bytes) => bytes < 16 * mebibyte)).toEqual([])
  expect(batchesOf(8 * mebibyte, 4).length).toBeLessThan(4 * 4 + 4)
})

it('the last units are no smaller than a batch can balance', () => {
  const tables = [sampleSourceTable({ oid: 1, heapBytes: 3000 * mebibyte, toastBytes: 0 })]
  const bytesOf = taskBytes(tables, 8192)
  const [, ...units] = planWork(tables, 8192, { workers: 4, callSeconds: 900 }).tasks.map(bytesOf)
  expect(Math.min(...units)).toBeGreaterThanOrEqual(31 * mebibyte)
  expect(Math.max(...units)).toBeLessThanOrEqual(64 * mebibyte)
})

it('a batch fits into a short call as well, where one unit does', () => {
  const tables = [sampleSourceTable({ oid: 1, heapBytes: 10 * 1024 * mebibyte, toastBytes: 0 })]
  const bytesOf = taskBytes(tables, 8192)
  const planned = (callSeconds: number) => planWork(tables, 8192, { workers: 4, callSeconds })
  const { tasks, batches } = planned(20)
  for (const { first, end } of batches) {
    const bytes = tasks.slice(first, end).reduce((sum, task) => sum + bytesOf(task), 0)
    if (end - first > 1) expect(bytes).toBeLessThanOrEqual(20 * 2 * mebibyte)
  }
  expect(batches.length).toBeGreaterThan(4 * planned(900).batches.length)
})

it('a batch carries the tables that it reads and no others, by the index that its chunks use', () => {
  const tables = [1, 2, 3].map((oid) => sampleSourceTable({ oid, name: `t${oid}`, heapBytes: 10, toastBytes: 0 }))
  const tasks: PlannedTask[] = [
    { type: 'digest', chunks: [{ table: 3 }] },
    { type: 'unit', unit: 1, chunks: [{ table: 2 }, { table: 0 }, { table: 2 }] },
  ]
  const [digest, unit] = [
    ...batchDocuments({
      tableList: tables,
      taskList: tasks,
      batchList: [
        { first: 0, end: 1 },
        { first: 1, end: 2 },
      ],
    }),
  ]
  expect(digest).toMatchObject({ batch: 1, document: { first: 0, targets: [[3, { name: 'pg_largeobject' }]] } })
  expect(unit?.document.targets.map(([index, { name }]) => [index, name])).toEqual([
    [2, 't3'],
    [0, 't1'],
  ])
})

it('a run that is taken up again gets the batches of which a task has no result', () => {
  const batches = [
    { first: 0, end: 1 },
    { first: 1, end: 4 },
    { first: 4, end: 5 },
  ]
  expect(missingBatches(batches, new Set())).toEqual([{ batch: 1 }, { batch: 2 }, { batch: 3 }])
  expect(missingBatches(batches, new Set([0, 1, 3, 4]))).toEqual([{ batch: 2 }])
  expect(missingBatches(batches, new Set([0, 1, 2, 3, 4]))).toEqual([])
})
