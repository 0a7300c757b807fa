import { randomUUID } from 'node:crypto'
import { changeSmall, type SmallContent, type SmallPlace } from '../object-store/change-small.ts'
import { type AlertEntry, parseState, serializeState } from './alert-state.ts'

/** Where the state of a cluster's alerts is kept. */
export type StatePlace = SmallPlace

/** What came of a change. */
export interface Changed<T> {
  result: T
  /** What was wrong with the state that was found, and has been replaced. */
  replaced?: string
}

/**
 * Changes the state by one conditional write, decided anew on what others wrote meanwhile. Writes nothing where nothing
 * changes.
 *
 * @throws Failure of the store, or with code `Busy` when the others were first every time.
 */
export async function changeState<T>(
  place: StatePlace,
  change: (entries: readonly AlertEntry[]) => { entries: AlertEntry[]; result: T },
): Promise<Changed<T>> {
  return await changeSmall<Changed<T>>(place, 'the state of alerts', (content) => {
    const found = readState(content)
    const { entries, result } = change(found.entries)
    if (found.fault !== undefined) {
      return { bytes: serializeState(entries, randomUUID()), result: { result, replaced: found.fault } }
    }
    const isSame = JSON.stringify(entries) === JSON.stringify(found.entries)
    return { ...(isSame ? {} : { bytes: serializeState(entries, randomUUID()) }), result: { result } }
  })
}

function readState(content: SmallContent): { entries: AlertEntry[]; fault?: string } {
  if (content === 'absent') return { entries: [] }
  if (content === 'too large') return { entries: [], fault: 'is far too large' }
  const parsed = parseState(content)
  return 'fault' in parsed ? { entries: [], fault: parsed.fault } : parsed
}
