/** Of how many tables a verification compared the rows themselves; of the others it compared how many rows they hold. */
export interface DigestShare {
  tables: number
  ofTables: number
  /** Of the COPY text of all tables; whole, rounded down. */
  percent: number
}

/** Part of the name of an evidence file, so that a listing says what was proven. */
export function digestShareName({ tables, ofTables, percent }: DigestShare): string {
  return `sampled-${tables}-of-${ofTables}-${percent}pc`
}

/** What {@link digestShareName} wrote; undefined for any other text. */
export function parseDigestShare(name: string): DigestShare | undefined {
  const [, tables, ofTables, percent] = /^sampled-(\d{1,9})-of-(\d{1,9})-(\d{1,3})pc$/.exec(name) ?? []
  const share = { tables: Number(tables), ofTables: Number(ofTables), percent: Number(percent) }
  return share.tables < share.ofTables && share.percent <= 100 ? share : undefined
}

/** For people: what was proven of the rows, and nothing more than that. */
export function digestShareText({ tables, ofTables, percent }: DigestShare): string {
  return `digests of ${tables} of ${ofTables} tables (${percent} % of the bytes), all counts`
}

/** The whole percentage of the bytes; of no bytes nothing is missing. */
export function wholePercent(bytes: number, ofBytes: number): number {
  return ofBytes === 0 ? 100 : Math.floor((bytes / ofBytes) * 100)
}
