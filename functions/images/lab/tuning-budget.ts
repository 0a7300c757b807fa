/** Settings of PostgreSQL that memory follows from, in bytes or as a count. */
export interface MemorySettings {
  sharedBuffersBytes: number
  walBuffersBytes: number
  workMemBytes: number
  hashMemMultiplier: number
  maxConnections: number
  /** Of each autovacuum worker. */
  autovacuumMemBytes: number
  autovacuumWorkers: number
}

/** The operating system, page tables and the other services. */
const systemShare = 0.15

/**
 * What a machine's memory is promised to at worst: the buffers, a quarter of the connections each with one hash or sort at its
 * limit, every autovacuum worker, and the system.
 */
export function promisedBytes(settings: MemorySettings, ramBytes: number): number {
  const { sharedBuffersBytes, walBuffersBytes, workMemBytes, hashMemMultiplier, maxConnections } = settings
  const sessions = (maxConnections * workMemBytes * hashMemMultiplier) / 4
  const vacuum = settings.autovacuumWorkers * settings.autovacuumMemBytes
  return Math.ceil(sharedBuffersBytes + walBuffersBytes + sessions + vacuum + systemShare * ramBytes)
}

/** Asks a server for them, one number a line, in the order of {@link parseMemorySettings}. */
export const memorySettingsQuery = `
  SELECT pg_size_bytes(current_setting('shared_buffers')), pg_size_bytes(current_setting('wal_buffers')),
         pg_size_bytes(current_setting('work_mem')), current_setting('hash_mem_multiplier'), current_setting('max_connections'),
         pg_size_bytes(CASE current_setting('autovacuum_work_mem') WHEN '-1' THEN current_setting('maintenance_work_mem')
                       ELSE current_setting('autovacuum_work_mem') END),
         current_setting('autovacuum_max_workers')`

/** Reads the query's one row, whose columns a bar parts. */
export function parseMemorySettings(row: string): MemorySettings {
  const [
    sharedBuffersBytes,
    walBuffersBytes,
    workMemBytes,
    hashMemMultiplier,
    maxConnections,
    autovacuumMemBytes,
    autovacuumWorkers,
  ] = row.trim().split('|').map(Number)
  const settings = {
    ...{ sharedBuffersBytes, walBuffersBytes, workMemBytes, hashMemMultiplier, maxConnections },
    ...{ autovacuumMemBytes, autovacuumWorkers },
  }
  if (Object.values(settings).some((value) => value === undefined || !Number.isFinite(value))) {
    throw new Error(`these are no memory settings: ${row}`)
  }
  return settings as MemorySettings
}
