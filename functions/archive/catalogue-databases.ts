import type { ObjectStore } from '../platform/object-store/store.ts'
import { listPrefix, type SetFilter, setOfKey } from './catalogue-scan.ts'
import { manifestFile } from './keys.ts'

/** The databases under the filter that have sets, complete or not. Asks for names only, so it costs little. */
export async function listDatabases(
  store: ObjectStore,
  filter: SetFilter,
  signal?: AbortSignal,
): Promise<Required<SetFilter>[]> {
  const found: Required<SetFilter>[] = []
  const clusters = filter.cluster === undefined ? names(store, '', signal) : [listPrefix({ cluster: filter.cluster })]
  for await (const clusterPrefix of clusters) {
    for await (const databasePrefix of names(store, clusterPrefix, signal)) {
      const place = await firstSet(store, databasePrefix, filter, signal)
      if (place !== undefined) found.push(place)
    }
  }
  return found
}

/** Cluster and database of the first set below the prefix, if there is one that the filter lets through. */
async function firstSet(
  store: ObjectStore,
  prefix: string,
  filter: SetFilter,
  signal: AbortSignal | undefined,
): Promise<Required<SetFilter> | undefined> {
  for await (const setName of names(store, prefix, signal)) {
    const address = setOfKey(setName + manifestFile, filter)
    if (address !== undefined) return { cluster: address.cluster, database: address.database }
  }
  return undefined
}

async function* names(store: ObjectStore, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  for await (const page of store.list(prefix, { delimiter: '/', ...(signal && { signal }) })) yield* page.prefixes
}
