/** The newest complete backup of a database in the first store, and the newest proof that one of its backups can be restored. */
export interface StoredProof {
  database: string
  /** Absent where the store has none. */
  newest?: { set: string; startedAt: string; rows: number; tables: number; storedBytes: number }
  /** By `ballast verify`: it restored the set and compared every row. Absent where none was ever verified. */
  proof?: { set: string; at: string; verdict: 'equal' | 'different' }
}
