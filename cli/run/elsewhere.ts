import type { Cluster } from '../../config/cluster.ts'
import { holdersOf } from '../../functions/archive/held-sets.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import { Failure } from '../../functions/platform/failure.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { listStores } from '../../functions/runtime/list-stores.ts'
import { isDamage } from '../../functions/verify/damage.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { chooseStores } from '../settings/store-choice.ts'
import { elsewhereText } from '../terminal/elsewhere-text.ts'

/** A set in one store, which may have it damaged. */
export interface SetInStore {
  definition: Cluster | undefined
  store: StoreSettings
  address: SetAddress
  signal: AbortSignal
}

/** Says which other stores of the definition hold a set; undefined where there are none to ask. */
export async function elsewhere({ definition, store, address, signal }: SetInStore): Promise<string | undefined> {
  const { cluster, database } = address
  const choices = chooseStores({}, definition, process.env)
  const others = choices.filter(({ settings }) => storeLocation(settings) !== storeLocation(store))
  if (others.length === 0) return undefined
  const listings = await listStores(others, { cluster, database }, commandEnvironment(definition), signal)
  const listed = listings.flatMap((listing) => ('sets' in listing ? [listing] : []))
  const unasked = listings.flatMap((listing) => ('failure' in listing ? [listing.name] : []))
  return elsewhereText(holdersOf(listed, address), unasked)
}

/** What was thrown; where it says that the set is damaged, with the stores that hold it as well. */
export async function namingOthers(thrown: unknown, set: SetInStore): Promise<unknown> {
  if (!isDamage(thrown)) return thrown
  const others = await elsewhere(set)
  if (others === undefined) return thrown
  const { message, kind, subject, hint, code } = thrown
  return new Failure(message, {
    ...{ kind, subject, hint: `${hint} ${others}`, cause: thrown },
    ...(code === undefined ? {} : { code }),
  })
}
