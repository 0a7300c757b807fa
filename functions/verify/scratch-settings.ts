const mebibyte = 1024 * 1024

/**
 * Settings of a server that lives for one verification: as fast as the machine allows, nothing of it survives a crash.
 * Memory is a bounded part of the machine's, because the machine may have other work.
 */
export function scratchSettings(memoryBytes: number, jobs: number): Record<string, string> {
  const share = (part: number, min: number, max: number): string =>
    `${Math.round(Math.min(max, Math.max(min, memoryBytes / mebibyte / part)))}MB`
  return {
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    wal_level: 'minimal',
    max_wal_senders: '0',
    wal_init_zero: 'off',
    autovacuum: 'off',
    jit: 'off',
    shared_buffers: share(16, 32, 1024),
    maintenance_work_mem: share(8 * (jobs + 1), 64, 1024),
    // Each parallel index build and comparison may take this several times.
    work_mem: '16MB',
    max_wal_size: '2GB',
    checkpoint_timeout: '1d',
    checkpoint_flush_after: '0',
    bgwriter_lru_maxpages: '0',
    max_connections: String(20 + 4 * jobs),
    max_locks_per_transaction: '512',
    max_logical_replication_workers: '0',
    restart_after_crash: 'off',
    update_process_title: 'off',
    lc_messages: 'C',
    timezone: 'UTC',
    log_timezone: 'UTC',
  }
}
