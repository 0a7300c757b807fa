import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../../../functions/archive/evidence.ts'
import { fitsInto, mayBegin } from '../../../../functions/verify/fan-out/call-time.ts'
import { type RunLine, reconcile } from '../../../../functions/verify/fan-out/reconcile.ts'
import {
  comparisonTasks,
  countTasks,
  type RunTask,
  readTask,
  type TaskResult,
} from '../../../../functions/verify/fan-out/run-tasks.ts'
import { measuredBy, tooLargeBecause } from '../../../../functions/verify/fan-out/verify-estimate.ts'
import { planWalks, type WalkedRelation } from '../../../../functions/verify/fan-out/walk-plan.ts'

const gibibyte = 1024 ** 3

function line(id: number, task: RunTask, result?: TaskResult): RunLine {
  return { id, pass: 0, task, doneMs: 1, result }
}

const read = (table: number): TaskResult => ({ contents: [{ table, rows: 1, bytes: 1, digest: '0' }] })
const whole: RunLine[] = [
  line(1, { type: 'script', entries: [1], name: 'TABLE t' }),
  line(2, { type: 'plan comparison' }, { plan: { read: [0, 2], counted: [1], roots: [] } }),
  line(3, { type: 'compare definitions' }, { compared: { sequences: 1 } }),
  line(4, { type: 'read rows', chunks: [{ table: 0 }], targets: [] }, read(0)),
  line(5, { type: 'read rows', chunks: [{ table: 1 }], targets: [] }, read(1)),
  line(6, { type: 'read rows', chunks: [{ table: 2 }], targets: [] }, read(2)),
  line(7, { type: 'count rows', places: [1] }, { counts: [[1, 5]] }),
  line(8, { type: 'walk indexes', indexes: 1, options: [] }, { compared: { indexes: 1 } }),
]

describe('reconcile', () => {
  test('finds nothing missing where all was done', () => {
    expect(reconcile(whole, true)).toEqual([])
    expect(reconcile(whole.slice(0, 1), false)).toEqual([])
  })

  test('misses every task that was not done, whatever its result', () => {
    for (const [at, one] of whole.entries()) {
      expect(reconcile(whole.with(at, { ...one, doneMs: undefined }), true), `task ${one.id}`).not.toEqual([])
    }
    expect(
      reconcile([{ ...line(1, { type: 'script', entries: [1], name: 'TABLE t' }), doneMs: undefined }], false),
    ).toHaveLength(1)
  })

  test('misses every task of the comparison that is not there at all', () => {
    for (const [at, { id }] of whole.entries()) {
      if (id === 1 || id === 8) continue
      expect(reconcile(whole.toSpliced(at, 1), true), `without task ${id}`).not.toEqual([])
    }
  })

  test('misses every result that says nothing', () => {
    for (const [at, { id, task }] of whole.entries()) {
      if (id === 1) continue
      expect(reconcile(whole.with(at, line(id, task, {})), true), `task ${id}`).not.toEqual([])
    }
  })

  test('does not take the reading of one chunk for that of two', () => {
    const two = line(
      4,
      {
        type: 'read rows',
        chunks: [
          { table: 0, range: { from: 0, to: 1 } },
          { table: 0, range: { from: 1 } },
        ],
        targets: [],
      },
      read(0),
    )
    expect(reconcile(whole.with(3, two), true)).toHaveLength(1)
  })
})

describe('a call', () => {
  test('begins at least one task, and none in the second half of its time', () => {
    expect(mayBegin(0, 0.9)).toBe(true)
    expect(mayBegin(3, 0.49)).toBe(true)
    expect(mayBegin(3, 0.5)).toBe(false)
  })

  test('leaves a large task to one that has its time before it', () => {
    expect(fitsInto(gibibyte, 3, 0.3)).toBe(false)
    expect(fitsInto(gibibyte, 3, 0.05)).toBe(true)
    expect(fitsInto(gibibyte, 0, 0.3)).toBe(true)
    expect(fitsInto(1024, 3, 0.3)).toBe(true)
  })
})

describe('the tasks of a comparison', () => {
  test('come after all passes of the restore, with a pass between them for what the first one plans', () => {
    const restored = [3, 7, 5].map((pass) => ({ pass, bytes: 0, task: { type: 'script' as const, entries: [], name: '' } }))
    expect(comparisonTasks(restored).map(({ pass, task }) => [pass, task.type])).toEqual([
      [8, 'plan comparison'],
      [10, 'compare definitions'],
    ])
    expect(comparisonTasks([]).map(({ pass }) => pass)).toEqual([0, 2])
  })

  test('know the tables that they read, and their size where no range cuts it', () => {
    const targets = ['a', 'b', 'c'].map((name) => ({ schema: 'public', name, columns: ['id'] }))
    const sizes = targets.map(() => ({ heap: true, heapBytes: 500, toastBytes: 0 }))
    const ranged = readTask([{ table: 1, range: { from: 0 } }], targets, sizes, 4)
    expect(ranged).toMatchObject({ pass: 4, bytes: 0, task: { targets: [[1, { name: 'b' }]] } })
    expect(readTask([{ table: 0 }, { table: 2 }], targets, sizes, 4)).toMatchObject({
      bytes: 1000,
      task: { targets: [[0], [2]].map(([index]) => [index, expect.anything()]) },
    })
  })

  test('count each table once', () => {
    const places = Array.from({ length: 120 }, (_, place) => place * 2)
    const tasks = countTasks(places, 4)
    expect(tasks).toHaveLength(3)
    expect(tasks.flatMap(({ task }) => (task.type === 'count rows' ? task.places : []))).toEqual(places)
  })
})

describe('planWalks', () => {
  const relation = (name: string, kind: WalkedRelation['kind'], bytes: number): WalkedRelation => ({
    ...{ schema: 'odd "schema"', name, kind, bytes, counted: kind === 'index' },
  })

  test('lets what is large stand alone, and names each relation once, in quotes', () => {
    const tasks = planWalks(
      [
        relation('large', 'table', 3 * gibibyte),
        relation('large_pkey', 'index', gibibyte),
        relation('a.b', 'table', 1),
        relation('small_pkey', 'index', 1),
      ],
      9,
    )
    expect(tasks.map(({ pass, bytes, task }) => [pass, bytes, task.type === 'walk indexes' && task.indexes])).toEqual([
      [9, 3 * gibibyte, 0],
      [9, gibibyte, 1],
      [9, 2, 1],
    ])
    expect(tasks[2]?.task).toMatchObject({
      options: ['--no-dependent-indexes', '--table="odd ""schema"""."a.b"', '--index="odd ""schema"""."small_pkey"'],
    })
  })

  test('fits into a command line', () => {
    const many = Array.from({ length: 500 }, (_, index) => relation(`i${index}`, 'index', 1))
    const tasks = planWalks(many, 0)
    expect(tasks.map(({ task }) => (task.type === 'walk indexes' ? task.indexes : 0))).toEqual([200, 200, 100])
  })
})

describe('a set is too large for one call', () => {
  const needs = { rawBytes: 6_000_000_000, secondsLeft: 600, handedOver: true }

  test('by the best rate of those that were verified in one go', () => {
    expect(
      tooLargeBecause(needs, [
        { rawBytes: 1e9, seconds: 50 },
        { rawBytes: 1e9, seconds: 400 },
      ]),
    ).toBeUndefined()
    expect(tooLargeBecause(needs, [{ rawBytes: 1e9, seconds: 400 }])).toMatch(
      /^6000 MB of rows at 2\.5 MB\/s take 40\.0 min, and one call has 10\.0 min$/,
    )
  })

  test('by an assumption where there is none', () => {
    expect(tooLargeBecause(needs, [])).toBeUndefined()
    expect(tooLargeBecause({ ...needs, rawBytes: 7e9 }, [])).toMatch(/7000 MB of rows at 10 MB\/s take 11\.7 min/)
    // Without a way out, what may take too long is tried.
    expect(tooLargeBecause({ ...needs, rawBytes: 7e9, handedOver: false }, [])).toBeUndefined()
  })

  test('by the disk of a scratch server, whatever the time', () => {
    const disk = { neededBytes: 12e9, freeBytes: 10e9 }
    expect(tooLargeBecause({ ...needs, rawBytes: 1, disk }, [])).toMatch(/takes about 12000 MB of disk, and 10000 MB are free/)
    expect(tooLargeBecause({ ...needs, rawBytes: 1, disk: { ...disk, freeBytes: 12e9 } }, [])).toBeUndefined()
  })

  test('and what many functions verified says nothing of one', () => {
    const evidence = (secondsByPhase: Record<string, number>, verdict = 'equal') =>
      ({ verdict, secondsByPhase }) as unknown as Evidence
    expect(measuredBy(evidence({ check: 1, restore: 5, compare: 3, 'clean-up': 1 }), 100)).toEqual({
      rawBytes: 100,
      seconds: 10,
    })
    expect(measuredBy(evidence({ check: 1, restore: 5, compare: 3 }), 100)).toBeUndefined()
    expect(measuredBy(evidence({ check: 1, restore: 5, compare: 3, 'clean-up': 1 }, 'different'), 100)).toBeUndefined()
  })
})
