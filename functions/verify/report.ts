import type { Evidence, Finding } from '../archive/evidence.ts'
import type { SetAddress } from '../archive/keys.ts'

/** How much of each thing was compared with what the set says. */
export interface Compared {
  /** Objects of the set whose size and SHA-256 were checked. */
  files: number
  tables: number
  rows: number
  /** COPY text of those rows. */
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
  /** Every comparison ran and none found a difference. */
  equal: boolean
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
  rows: 0,
  rawBytes: 0,
  sequences: 0,
  largeObjectPages: 0,
  schemaEntries: 0,
  roleStatements: 0,
  databaseProperties: 0,
  indexes: 0,
}
