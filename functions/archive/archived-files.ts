import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { mapConcurrently } from './concurrent-map.ts'
import { type SetAddress, setPrefix } from './keys.ts'

const lookedAtOnce = 16

/** The keys of a set's objects that a listing shows in an archive class, thawed or not. */
export async function* archivedKeys(store: ObjectStore, address: SetAddress, signal?: AbortSignal): AsyncGenerator<string> {
  for await (const page of store.list(setPrefix(address), signal === undefined ? {} : { signal })) {
    for (const { key, archived = false } of page.objects) if (archived) yield key
  }
}

/**
 * Refuses a set of which an object must be thawed before it can be read.
 *
 * @throws {Failure} `permanent` with code `ARCHIVED`, with the command that thaws it.
 */
export async function refuseArchived(store: ObjectStore, address: SetAddress, signal?: AbortSignal): Promise<void> {
  const looked = await mapConcurrently(archivedKeys(store, address, signal), lookedAtOnce, async (key) => {
    const head = await store.head(key, signal)
    return head?.archived ? [key.slice(setPrefix(address).length)] : []
  })
  const archived = looked.flat()
  if (archived.length === 0) return
  const named = archived.slice(0, 3).join(', ') + (archived.length > 3 ? ', ...' : '')
  throw new Failure(`set ${address.set} is archived: ${archived.length} of its objects must be thawed first (${named})`, {
    kind: 'permanent',
    subject: `${store.location}/${setPrefix(address)}`,
    hint: `Run \`ballast thaw ${address.set}\` with the same --store, --cluster and --database; it says how long that takes. Then run this again. Nothing was changed.`,
    code: 'ARCHIVED',
  })
}
