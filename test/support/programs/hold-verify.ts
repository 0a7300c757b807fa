import { readManifest } from '../../../functions/archive/read-set.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { withRestored } from '../../../functions/verify/restored-set.ts'

/** Restores the set named into a scratch server, says so in one line, and then holds it until it is ended. */
const [directory = '', cluster = '', database = '', set = ''] = process.argv.slice(2)
setInterval(() => undefined, 60_000)
const settings = { type: 'file', directory } as const
const store = openStore(settings)
const address = { cluster, database, set }
const manifest = await readManifest(store, address)
await withRestored({ store, storeSettings: settings, address, manifest, jobs: 1, env: process.env }, async () => {
  process.stdout.write('restored\n')
  await new Promise(() => undefined)
})
