import type { Cluster } from '../../config/cluster.ts'
import { findSet } from '../../functions/archive/catalogue-find.ts'
import type { CopyOptions } from '../../functions/copies/copy.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { withStore } from '../../functions/runtime/with-store.ts'
import type { ScopeOptions } from '../options.ts'
import { configFailure } from './config-failure.ts'
import { type CopyWindowOptions, copyWindow } from './copy-window.ts'
import { setFilter } from './scope.ts'

interface Known {
  definition: Cluster | undefined
  source: StoreSettings
  signal: AbortSignal
}

/** Which sets to copy: the one that is named, looked up in the source, or all of the window. */
export async function chooseCopies(
  set: string | undefined,
  options: ScopeOptions & CopyWindowOptions,
  { definition, source, signal }: Known,
): Promise<Pick<CopyOptions, 'wanted' | 'filter'>> {
  const filter = setFilter(options, definition)
  if (set === undefined) return { filter, wanted: { choose: copyWindow(options, definition, Date.now()) } }
  if (options.last !== undefined || options.since !== undefined) {
    throw configFailure('a set is named, and --last or --since as well', '--last', 'Leave one of them out.')
  }
  const { address: only } = await withStore(source, (store, readStart) =>
    findSet(store, { set, ...filter }, { readStart, signal }),
  )
  return { filter: { cluster: only.cluster, database: only.database }, wanted: { only } }
}
