import { type DigestShare, digestShareText } from '../archive/digest-share.ts'
import type { Evidence, Finding } from '../archive/evidence.ts'
import type { SetAddress } from '../archive/keys.ts'

/** How much of each thing was compared with what the set says. */
export interface Compared {
  /** Objects of the set whose size and SHA-256 were checked. */
  files: number
  tables: number
  /** Of those tables the ones whose rows were compared by digest; of the others only the number of rows was. */
  digestTables: number
  rows: number
  /** COPY text that was read back: of the tables compared by digest. */
  rawBytes: number
  sequences: number
  /** Pages of 1 MiB. */
  largeObjectPages: number
  /** Entries of the schema: one per table, index, constraint, trigger, grant and so on. */
  schemaEntries: number
  /** Statements about roles. */
  roleStatements: number
  databaseProperties: number
  /** Indexes that pg_amcheck walked against their tables. */
  indexes: number
}

/** What a verification found. */
export interface VerifyReport {
  address: SetAddress
  /** Every comparison of this verification ran and none found a difference. */
  equal: boolean
  /** Where not all tables are compared by digest: how many are. Then `equal` says nothing more than that. */
  sampled?: DigestShare
  /** The first differences; `findingsTotal` counts all. */
  findings: Finding[]
  findingsTotal: number
  /** What should have been compared and could not be, each with its reason; never empty together with `equal`. */
  notChecked: string[]
  /** What limits the meaning of the result, in words. */
  notes: string[]
  compared: Compared
  /** Absent when the set was found damaged before it was restored. */
  restoredInto?: NonNullable<Evidence['restoredInto']>
  secondsByPhase: Record<string, number>
  /** Key of the evidence; absent when something could not be checked and nothing differed, which proves neither. */
  evidence?: string
}

/** Nothing compared yet. */
export const nothingCompared: Compared = {
  files: 0,
  tables: 0,
  digestTables: 0,
  rows: 0,
  rawBytes: 0,
  sequences: 0,
  largeObjectPages: 0,
  schemaEntries: 0,
  roleStatements: 0,
  databaseProperties: 0,
  indexes: 0,
}

/** What is to be said of a verification that did not compare every table by digest. */
export function sampledNote(share: DigestShare): string {
  return `${digestShareText(share)}: of the other tables only the number of rows was compared`
}
