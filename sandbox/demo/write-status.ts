import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { learnStatus } from '../../functions/status/learn-status.ts'
import { publishStatus } from '../../functions/status/publish-status.ts'
import { cluster, type DemoScene } from './scene.ts'

/** Ages as a day's schedule would have them; the demo's backups are minutes old. */
const freshness = { maxAgeSeconds: 26 * 3600, maxVerifiedAgeSeconds: 50 * 3600, maxShrinkPercent: 30, minCopies: 1 }

/** Writes status.json and the page in both languages into the store of the backups. */
export async function writeStatus({ store: settings, copyStore, env, signal }: DemoScene): Promise<string> {
  const main = { settings, name: 'main' }
  const report = await learnStatus({
    ...{ definition: undefined, cluster, database: undefined, stateStore: main, alertStore: main, freshness, env, signal },
    stores: [main, { settings: copyStore, name: 'second copy', isCopy: true }],
  })
  const store = openStore(settings)
  try {
    const keys = await publishStatus(store, report, ['pt-BR', 'en'], signal)
    return `${report.verdict}; ${keys.join(', ')}`
  } finally {
    store.close()
  }
}
