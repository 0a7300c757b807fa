import { describe, expect, test } from 'vitest'
import type { Manifest } from '../../../../functions/archive/manifest.ts'
import { leftOutOf, planRestore } from '../../../../functions/restore/fan-out/restore-tasks.ts'
import { archiveOf } from '../../../support/archive-entries.ts'

const toc = archiveOf([
  ['SCHEMA', 'many'],
  ['TABLE', 'orders'],
  ['TABLE', 'configured'],
  ['TABLE DATA', 'configured-rows', ['configured']],
  ['BLOBS', 'large-objects'],
  ['SEQUENCE SET', 'position'],
  ['CONSTRAINT', 'orders-key', ['orders']],
  ['TRIGGER', 'audit', ['orders']],
])

const chunk = (unit: number, offset: number) => ({ unit, offset, length: 10, rawBytes: 100 * unit, rows: 1, sha256: 'a' })

/** As far as a plan looks at it. */
const manifest = {
  tables: [
    {
      schema: 'public',
      name: 'orders',
      oid: 2,
      columns: ['id'],
      rawBytes: 500,
      chunks: [chunk(1, 0), chunk(2, 0), chunk(2, 10)],
    },
  ],
  units: [
    { file: 'data/000001.zst', bytes: 10, sha256: 'a' },
    { file: 'data/000002.zst', bytes: 20, sha256: 'b' },
  ],
} as unknown as Manifest

describe('planRestore', () => {
  test('restores what is needed first, all rows side by side, and then what needs them', () => {
    const planned = planRestore(manifest, toc)
    expect(planned.map(({ pass, task }) => [pass, task.type, task.type === 'load' ? task.load.unit : task.entries])).toEqual([
      [0, 'script', [1, 2, 3]],
      [1, 'archive rows', [4]],
      [1, 'archive data', [5, 6]],
      [1, 'load', 2],
      [1, 'load', 1],
      [2, 'script', [7]],
      [3, 'script', [8]],
    ])
    expect(leftOutOf(planned, manifest, toc)).toEqual([])
    const names = planned.flatMap(({ task }) => (task.type === 'script' ? [task.name] : []))
    expect(names).toEqual(['SCHEMA public many and 2 more', 'CONSTRAINT public orders-key', 'TRIGGER public audit'])
  })

  test('of which any part is missed', () => {
    const planned = planRestore(manifest, toc)
    for (const left of planned.keys()) {
      const holes = leftOutOf(planned.toSpliced(left, 1), manifest, toc)
      expect(holes, `without task ${left}`).not.toEqual([])
    }
  })
})
