import type { Drill } from './drill.ts'
import { loadThroughPooler } from './drill-load.ts'

/** As many clients as the definition expects, at work through the pooler: none of their transactions fails. */
export const stress: Drill = {
  name: 'stress',
  changes: 'load',
  withinSeconds: 120,
  obstacle: () => undefined,
  async run(scene) {
    const { record, site } = scene
    const { ratePerSecond } = site.cluster.loadtests.pgbench
    const { result } = await loadThroughPooler(scene, { work: 'mixed', ratePerSecond })
    const transactions = result?.transactions ?? 0
    const failed = result?.failed ?? 0
    const some = { is: 'at least', value: 1, from: 'drill' } as const
    const none = { is: 'exactly', value: 0, from: 'drill' } as const
    record.measure('transactions', { value: transactions, unit: 'count', limit: some })
    record.measure('failedTransactions', { value: failed, unit: 'count', samples: transactions + failed, limit: none })
    if (result === undefined) return
    record.measure('clients', { value: result.clients, unit: 'count' })
    record.measure('lateTransactions', { value: result.late, unit: 'count', samples: transactions })
    record.measure('transactionsPerSecond', { value: result.transactionsPerSecond, unit: '/s', samples: transactions })
    record.measure('latencyAverage', { value: result.latencyMs.average, unit: 'ms', samples: transactions })
  },
}
