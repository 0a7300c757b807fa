import type { EvidenceVerdict } from '../../../functions/archive/keys.ts'

/** The newest complete backup of a database in the first store, and the newest proof that one of its backups can be restored. */
export interface StoredProof {
  database: string
  /** Absent where the store has none. */
  newest?: { set: string; startedAt: string; rows: number; tables: number; storedBytes: number }
  /** By `ballast verify`: it restored the set and compared every row, or a share of them. Absent where none was ever verified. */
  proof?: EvidenceVerdict & { set: string; at: string }
}
