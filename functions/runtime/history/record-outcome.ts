import type { ScheduledOperation } from '../../../config/timetable.ts'
import { Failure } from '../../platform/failure.ts'
import { changeSmall, type SmallContent } from '../../platform/object-store/change-small.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import type { Outcome } from '../../platform/outcome.ts'
import { addPoll, monthOf } from './add-poll.ts'
import { type HistoryDocument, parseHistory, serializeHistory } from './history-document.ts'
import { historyKey } from './history-keys.ts'
import { pollOf } from './poll.ts'

/** One scheduled run that has ended. */
export interface EndedRun {
  cluster: string
  operation: ScheduledOperation
  slot?: string
  /** When it ended; milliseconds since the epoch. */
  atMs: number
  outcome: Outcome
}

/**
 * Adds a run to the history, by one conditional write of the operation's document of this month. A document that cannot be
 * understood is begun anew, and what was wrong with it is returned.
 *
 * @throws Failure of the store; with code `Busy` when others were first every time; with code `NewerHistory` when a later
 * Ballast wrote the document, which then stays as it is.
 */
export async function recordOutcome(store: ObjectStore, run: EndedRun, signal?: AbortSignal): Promise<{ replaced?: string }> {
  const { cluster, operation, slot, atMs, outcome } = run
  const name = { operation, ...(slot === undefined ? {} : { slot }) }
  const key = historyKey(cluster, monthOf(atMs), name)
  const poll = pollOf(outcome, atMs)
  return await changeSmall({ store, key, signal }, `the history of ${operation}`, (content) => {
    const { document, fault } = readDocument(content, `${store.location}/${key}`)
    const bytes = serializeHistory(addPoll(document, name, poll))
    return { bytes, result: fault === undefined ? {} : { replaced: fault } }
  })
}

function readDocument(content: SmallContent, subject: string): { document?: HistoryDocument; fault?: string } {
  if (content === 'absent') return {}
  if (content === 'too large') return { fault: 'is far too large' }
  const parsed = parseHistory(content)
  if ('document' in parsed) return parsed
  if (!parsed.newer) return { fault: parsed.fault }
  throw new Failure(`The history ${parsed.fault}`, {
    ...{ kind: 'permanent', subject, code: 'NewerHistory' },
    hint: 'Let all machines run the same version of Ballast; the history was left as it is.',
  })
}
