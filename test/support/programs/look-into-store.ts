// Says what a directory store holds, and what is left after a sweep of it: `look-into-store.ts DIRECTORY`.
import { listSets } from '../../../functions/archive/catalogue.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { storeContent, sweepAll } from '../store-content.ts'

const [directory = ''] = process.argv.slice(2)
const store = openStore({ type: 'file', directory })
const sets = (await listSets(store, {})).map(({ state }) => state)
await sweepAll(store)
const { objects, pending } = await storeContent(store)
process.stdout.write(`${JSON.stringify({ sets, files: [...objects, ...pending] })}\n`)
