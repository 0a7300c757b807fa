import { historyPrefix } from '../../archive/keys.ts'
import type { SeriesName } from './add-poll.ts'

const pattern = /^(\d{4}-\d{2})\/([a-z][a-z0-9-]{0,39})(?:\/([a-z][a-z0-9-]{0,39}))?\.json$/

/** Where a month of one operation, or of one slot of it, is kept. The month comes first: older ones need not be listed. */
export function historyKey(cluster: string, month: string, { operation, slot }: SeriesName): string {
  return `${historyPrefix(cluster)}${month}/${operation}${slot === undefined ? '' : `/${slot}`}.json`
}

/** What a key of the history is about; undefined for any other key. */
export function parseHistoryKey(cluster: string, key: string): (SeriesName & { month: string }) | undefined {
  const prefix = historyPrefix(cluster)
  const match = key.startsWith(prefix) ? pattern.exec(key.slice(prefix.length)) : null
  if (match === null) return undefined
  const [, month = '', operation = '', slot] = match
  return { month, operation, ...(slot === undefined ? {} : { slot }) }
}
