import type { LoadPoint } from '../records/load-record.ts'
import type { Drill } from './drill.ts'
import { loadThroughPooler } from './drill-load.ts'
import { noReplica } from './obstacles.ts'

/** Replicas keep up while every request at the peak that the definition promises writes: their lag stays under its limits. */
export const lagUnderLoad: Drill = {
  name: 'lag-under-load',
  changes: 'load',
  withinSeconds: 120,
  obstacle: noReplica,
  async run(scene) {
    const { record, site } = scene
    const { replication, loadtests } = site.cluster
    const { profiles, goals } = loadtests
    const ratePerSecond = profiles.stressRatePerSecond ?? 2 * goals.ratePerSecond
    const { result, points } = await loadThroughPooler(scene, { work: 'writes', ratePerSecond })
    const bytes = valuesOf(points, 'lagBytes')
    const times = valuesOf(points, 'lagMs')
    record.measure('lagBytes', {
      ...{ value: Math.max(0, ...bytes), unit: 'bytes', samples: bytes.length },
      limit: { is: 'at most', value: replication.maxLagBytes, from: 'replication.maxLag' },
    })
    record.measure('lagTime', {
      ...{ value: Math.max(0, ...times) / 1000, unit: 's', samples: times.length },
      limit: { is: 'at most', value: replication.maxLagTimeSeconds, from: 'replication.maxLagTime' },
    })
    record.measure('transactions', {
      ...{ value: result?.transactions ?? 0, unit: 'count' },
      limit: { is: 'at least', value: 1, from: 'drill' },
    })
    record.measure('transactionsPerSecond', { value: result?.transactionsPerSecond ?? 0, unit: '/s' })
    const sampled = points.filter(({ lagBytes }) => lagBytes !== undefined)
    record.table(
      'lagSamples',
      ['seconds', 'bytes', 'lagMilliseconds'],
      sampled.map(({ atMs, lagBytes = '', lagMs = '' }) => [Math.round(atMs / 100) / 10, lagBytes, lagMs]),
    )
  },
}

function valuesOf(points: readonly LoadPoint[], field: 'lagBytes' | 'lagMs'): number[] {
  return points.map((point) => point[field]).filter((value) => value !== undefined)
}
