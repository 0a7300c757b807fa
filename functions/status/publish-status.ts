import { statusPrefix } from '../archive/keys.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import type { Language } from '../runtime/page/language.ts'
import { pageFile, statusPage } from './page/page.ts'
import type { StatusReport } from './status-report.ts'

/** One file of a published status. */
export interface StatusFile {
  /** Its name beside the others: they refer to each other by it. */
  file: string
  contentType: string
  bytes: Uint8Array
}

/** The files of a status: for programs, and a page in each language. */
export function statusFiles(report: StatusReport, languages: readonly Language[]): StatusFile[] {
  const pages = languages.map((language) => ({
    file: pageFile(language, languages),
    contentType: 'text/html; charset=utf-8',
    bytes: Buffer.from(statusPage(report, language, languages)),
  }))
  return [{ file: 'status.json', contentType: 'application/json', bytes: Buffer.from(`${JSON.stringify(report)}\n`) }, ...pages]
}

/** Writes a status over the one before; returns the keys, that of the page in the first language last. */
export async function publishStatus(
  store: ObjectStore,
  report: StatusReport,
  languages: readonly Language[],
  signal?: AbortSignal,
): Promise<string[]> {
  const keys: string[] = []
  // The first page last: who sees it new finds everything beside it new.
  for (const { file, contentType, bytes } of statusFiles(report, languages).sort(indexLast)) {
    const key = statusPrefix(report.cluster) + file
    await store.put(key, bytes, { contentType, ...(signal && { signal }) })
    keys.push(key)
  }
  return keys
}

function indexLast(a: StatusFile, b: StatusFile): number {
  return Number(a.file === 'index.html') - Number(b.file === 'index.html')
}
