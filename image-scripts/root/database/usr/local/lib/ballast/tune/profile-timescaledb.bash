# shellcheck shell=bash
# The rules of timescaledb-tune, for who knows and wants them. Pure. Sourced, after settings.bash.

profile_timescaledb() {
  local gb_hundredths=$((MEMORY_KB * 100 / 1048576)) sessions=$CONNECTIONS
  if ((sessions == 0)); then
    sessions=$((gb_hundredths <= 200 ? 25 : gb_hundredths <= 400 ? 50 : gb_hundredths <= 600 ? 75 : 100))
  fi
  set_standby_safe max_connections "$sessions"
  set_kb shared_buffers $((MEMORY_KB / 4))
  set_kb effective_cache_size $((MEMORY_KB * 3 / 4))
  timescaledb_work "${VALUE[max_connections]}"
  timescaledb_parallel
  timescaledb_wal
  set_value random_page_cost 1.1
  set_value effective_io_concurrency 256
  set_standby_safe max_locks_per_transaction \
    $((gb_hundredths < 800 ? 128 : gb_hundredths < 1600 ? 256 : gb_hundredths < 3200 ? 512 : 1024))
  set_value autovacuum_max_workers 10
  set_value autovacuum_naptime 10
  set_value default_toast_compression lz4
  set_value jit off
}

timescaledb_work() {
  local kb half most=$((2047 * 1024))
  kb=$((MEMORY_KB * 128 / 1024))
  set_kb maintenance_work_mem $((kb > most ? most : kb))
  half_up "$CPUS" && half=$RESULT
  kb=$((MEMORY_KB * 400 / 1024 / $1 / half))
  set_kb work_mem $((kb < 64 ? 64 : kb))
}

timescaledb_parallel() {
  if ((CPUS == 1)); then return; fi
  half_up "$CPUS"
  set_standby_safe max_worker_processes $((3 + 16 + CPUS))
  set_value max_parallel_workers_per_gather "$RESULT"
  set_value max_parallel_workers "$CPUS"
}

# WAL has no disk of its own here.
timescaledb_wal() {
  local kb=$((MEMORY_KB * 7864 / 1048576))
  if ((MEMORY_KB >= 2097152)); then set_value wal_buffers 16MB; else set_kb wal_buffers "$kb"; fi
  set_value min_wal_size 512MB
  set_value max_wal_size 1GB
  set_value checkpoint_completion_target 0.9
}
