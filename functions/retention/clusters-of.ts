import type { SetFilter } from '../archive/catalogue-scan.ts'
import { parseSlotKey } from '../archive/keys.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** The clusters that a filter lets through: the one that it names, or all that have a folder in the store. */
export async function* clustersOf(
  store: ObjectStore,
  { cluster }: SetFilter,
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  if (cluster !== undefined) {
    yield cluster
    return
  }
  for await (const page of store.list('', { delimiter: '/', ...(signal && { signal }) })) {
    for (const prefix of page.prefixes) {
      const decoded = parseSlotKey(`${prefix}.ballast/slots/x/x.json`)
      if (decoded !== undefined) yield decoded.cluster
    }
  }
}
