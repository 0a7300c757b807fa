import { type ListedSet, listSets } from '../archive/catalogue.ts'
import type { SetFilter } from '../archive/catalogue-scan.ts'
import { type Failure, toFailure } from '../platform/failure.ts'
import { requireDirectory } from '../platform/object-store/file/require-directory.ts'
import { storeLocation } from '../platform/object-store/location.ts'
import { type StoreChoice, storeSettings } from './definition/defined-store.ts'
import { withStore } from './with-store.ts'

/** All sets of a store that the filter lets through, or why they could not be listed, which is not the same as none. */
export type StoreListing = { name: string; location: string; isCopy: boolean } & ({ sets: ListedSet[] } | { failure: Failure })

/** Lists several stores at the same time, each with its own credentials; one that does not answer does not hide the others. */
export async function listStores(
  choices: readonly StoreChoice[],
  filter: SetFilter,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<StoreListing[]> {
  return await Promise.all(choices.map((choice) => listStore(choice, filter, env, signal)))
}

async function listStore(
  choice: StoreChoice,
  filter: SetFilter,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<StoreListing> {
  const location = storeLocation(choice.settings)
  const named = { name: choice.name ?? location, location, isCopy: choice.isCopy ?? false }
  try {
    const settings = await storeSettings(choice, env)
    // Where a definition says that there is a store, an empty answer would be a wrong one.
    if (choice.name !== undefined) await requireDirectory(settings)
    const sets = await withStore(settings, (store, readStart) => listSets(store, filter, { readStart, signal }))
    return { ...named, sets }
  } catch (error) {
    const failure = toFailure(error, location)
    if (failure.code === 'Aborted' || failure.kind === 'bug') throw failure
    return { ...named, failure }
  }
}
