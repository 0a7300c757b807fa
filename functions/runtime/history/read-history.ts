import { mapConcurrently } from '../../archive/concurrent-map.ts'
import { historyPrefix } from '../../archive/keys.ts'
import { Failure } from '../../platform/failure.ts'
import type { ObjectStore } from '../../platform/object-store/store.ts'
import { type HistoryDocument, parseHistory } from './history-document.ts'
import { parseHistoryKey } from './history-keys.ts'
import { assembleSeries, firstMonth, type HistorySeries, isPastMonth } from './series.ts'

/** What the history says. */
export interface History {
  series: HistorySeries[]
  /** Parts that could not be read or understood, in words. */
  problems: string[]
}

const concurrency = 16
/** A year of 60 series: far more than a timetable has. */
const mostDocuments = 800

/**
 * Reads so many days of a cluster's history: one listing, and one small object per month and operation (90 days of ten
 * operations: 40 objects). What is damaged is left out and said.
 *
 * @throws Failure when the store cannot be listed or read.
 */
export async function readHistory(
  store: ObjectStore,
  cluster: string,
  { days, nowMs }: { days: number; nowMs: number },
  signal?: AbortSignal,
): Promise<History> {
  const problems: string[] = []
  const found = await mapConcurrently(historyKeys(store, cluster, { days, nowMs, problems }, signal), concurrency, (key) =>
    readDocument(store, cluster, key, signal),
  )
  const documents = found.flatMap((one) => (typeof one === 'string' ? [] : [one]))
  problems.push(...found.filter((one) => typeof one === 'string'))
  return { series: assembleSeries(documents, days, nowMs), problems }
}

async function* historyKeys(
  store: ObjectStore,
  cluster: string,
  { days, nowMs, problems }: { days: number; nowMs: number; problems: string[] },
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const prefix = historyPrefix(cluster)
  let given = 0
  const options = { startAfter: `${prefix}${firstMonth(days, nowMs)}`, ...(signal && { signal }) }
  for await (const { objects } of store.list(prefix, options)) {
    for (const { key } of objects) {
      const parsed = parseHistoryKey(cluster, key)
      if (parsed === undefined || !isPastMonth(parsed.month, nowMs)) continue
      if (given === mostDocuments) {
        problems.push(`${prefix} has more than ${mostDocuments} documents; the rest was not read`)
        return
      }
      given += 1
      yield key
    }
  }
}

/** A document, or what is wrong with it. */
async function readDocument(
  store: ObjectStore,
  cluster: string,
  key: string,
  signal: AbortSignal | undefined,
): Promise<HistoryDocument | string> {
  const found = await store.readSmall(key, signal).catch((failure: unknown) => {
    if (failure instanceof Failure && failure.code === 'TooLarge') return 'is far too large'
    throw failure
  })
  if (found === undefined) return `${key} was deleted while it was to be read`
  if (typeof found === 'string') return `${key} ${found}`
  const parsed = parseHistory(found.bytes)
  if ('fault' in parsed) return `${key} ${parsed.fault}`
  const { document } = parsed
  const { operation, slot, month } = parseHistoryKey(cluster, key) ?? {}
  const isItself = document.operation === operation && document.slot === slot && document.month === month
  return isItself ? document : `${key} is about ${document.operation} in ${document.month}`
}
