import type { DatabaseProperties } from '../../../functions/archive/manifest.ts'
import { runPlan, storePlan } from '../../../functions/backup/fan-out/plan-run.ts'
import type { SourceTable } from '../../../functions/backup/source-tables.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'

/** Plans 1,000,000 chunks and stores the plan in the directory that it is given; says what that took. */
const [directory = ''] = process.argv.slice(2)
const [chunks, workers, blockBytes] = [1_000_000, 60, 8192]
const tables: SourceTable[] = []
for (let index = 0; index < chunks; index += 1) {
  const columns = ['id', 'created_at', 'note']
  const size = { heapBytes: (index % 40) * blockBytes, toastBytes: 0 }
  tables.push({ schema: `tenant_${index % 5000}`, name: `orders_${index}`, oid: 16_384 + index, columns, heap: true, ...size })
}
globalThis.gc?.()
const megabytesOfTables = process.memoryUsage().heapUsed / 1024 ** 2
const startedMs = performance.now()
const place = {
  store: openStore({ type: 'file', directory }),
  address: { cluster: 'c', database: 'd', set: '2026-11-25T060000Z-daily' },
  ...{ signal: new AbortController().signal, plan: 'p' },
}
const database: DatabaseProperties = {
  ...{ name: 'd', owner: 'o', encoding: 'UTF8', collate: 'C', ctype: 'C' },
  ...{ localeProvider: 'libc', connectionLimit: -1, settings: [] },
}
const source = {
  ...{ session: { versionNum: 170_000 }, tables, sequences: [], omitted: [] },
  identity: { systemIdentifier: '7', timeline: 1, standby: false, snapshotLsn: '0/1', serverVersion: '17.0', blockBytes },
  database,
}
const settings = { compressionLevel: 1, lockWaitSeconds: 30, rolePasswords: false, ageRecipients: [] }
const plan = runPlan(source, settings, { workers, callSeconds: 900 })
const plannedMs = performance.now()
await storePlan(place, plan)
process.stdout.write(
  `${JSON.stringify({
    ...{ chunks: plan.taskList.reduce((sum, task) => sum + task.chunks.length, 0), tasks: plan.tasks, batches: plan.batches },
    ...{ planSeconds: (plannedMs - startedMs) / 1000, storeSeconds: (performance.now() - plannedMs) / 1000 },
    megabytesOfTables,
    megabytesAtMost: process.resourceUsage().maxRSS / 1024,
  })}\n`,
)
