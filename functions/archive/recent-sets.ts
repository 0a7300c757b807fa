import type { ObjectStore } from '../platform/object-store/store.ts'
import type { ReadStart } from './catalogue.ts'
import { databasePrefix, manifestFile, type SetAddress, setPrefix } from './keys.ts'
import { type ManifestSummary, parseSummary } from './manifest.ts'
import { parseSetName } from './set-name.ts'

const summaryBytes = 4096

/**
 * The summaries of the published sets that have the latest names, newest first. Looks at those names alone, however many
 * sets there are; one whose summary cannot be read is passed over.
 */
export async function recentSummaries(
  store: ObjectStore,
  readStart: ReadStart,
  { cluster, database }: Pick<SetAddress, 'cluster' | 'database'>,
  count: number,
  signal?: AbortSignal,
): Promise<ManifestSummary[]> {
  const prefix = databasePrefix(cluster, database)
  const names: string[] = []
  for await (const page of store.list(prefix, { delimiter: '/', ...(signal && { signal }) })) {
    names.push(...page.prefixes.map((name) => name.slice(prefix.length, -1)).filter((name) => parseSetName(name)))
  }
  const summaries: ManifestSummary[] = []
  for (const set of names.reverse()) {
    if (summaries.length >= count) break
    const key = setPrefix({ cluster, database, set }) + manifestFile
    const head = await store.head(key, signal)
    const summary = head && parseSummary(await readStart(key, Math.min(head.bytes, summaryBytes), signal))
    if (summary !== undefined) summaries.push(summary)
  }
  return summaries
}
