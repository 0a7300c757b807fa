import type { TocEntry } from '../../functions/restore/toc.ts'

/** An entry by its type and tag, what it needs by their tags, and its SQL. */
export type EntryShape = [type: string, tag: string, needs?: string[], definition?: string]

const ofNoSection = new Set(['COMMENT', 'ACL'])
const sections: Readonly<Record<string, TocEntry['section']>> = {
  TABLE: 'pre-data',
  'TABLE ATTACH': 'pre-data',
  VIEW: 'pre-data',
  SCHEMA: 'pre-data',
  'TABLE DATA': 'data',
  BLOBS: 'data',
  'SEQUENCE SET': 'data',
}

/** An archive's entries by their tags; the section follows from the type, as in an archive, and the oid is the dump id. */
export function archiveOf(shapes: readonly EntryShape[]): TocEntry[] {
  const ids = new Map(shapes.map(([, tag], index) => [tag, index + 1]))
  return shapes.map(([type, tag, needs = [], definition = ''], index) => ({
    dumpId: index + 1,
    catalogOid: 0,
    oid: index + 1,
    tag,
    type,
    section: ofNoSection.has(type) ? 'none' : (sections[type] ?? 'post-data'),
    schema: 'public',
    owner: 'app',
    definition,
    dependencies: needs.map((need) => ids.get(need) ?? 0),
  }))
}
