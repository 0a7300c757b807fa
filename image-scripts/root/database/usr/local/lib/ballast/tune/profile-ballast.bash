# shellcheck shell=bash disable=SC2034 # Variables are for who sources it.
# The profile that Ballast uses: memory is shared out until it is spent, and never more. Pure. Sourced, after budget.bash.

# Fills NAMES and VALUE; returns 1 with REFUSAL where the machine is too small for so many connections.
profile_ballast() {
  set_standby_safe max_connections "$CONNECTIONS"
  share_cpus
  share_memory || return
  share_disk
  fit_to_version
}

share_memory() {
  local sessions=${VALUE[max_connections]} workers fixed free shared buffers
  workers=$((CPUS >= 32 ? 5 : CPUS >= 16 ? 4 : 3))
  set_value hash_mem_multiplier 2
  set_maintenance "$workers"
  add_fixed "$sessions" "$workers" && fixed=$RESULT
  free=$((MEMORY_KB - fixed))
  # A quarter of the machine, what PostgreSQL keeps beside the buffers included, as long as as much is left for work.
  shared=$((free / 2 < MEMORY_KB / 4 ? free / 2 : MEMORY_KB / 4))
  largest_buffers "$shared" "$sessions" && buffers=$RESULT
  if ((buffers < 16 * 1024)) || ! set_work_mem "$sessions" $((free - shared)); then
    least_memory "$sessions" "$workers"
    REFUSAL="$sessions connections need a machine with at least $((RESULT / 1024)) MB, and this one has $((MEMORY_KB / 1024)) MB"
    return 1
  fi
  set_kb shared_buffers "$buffers"
  # What the planner may believe to be cached: the buffers, and the pages that the system keeps of what is left.
  set_kb effective_cache_size $((free / 1024 * 1024))
  set_value huge_pages try
}

# shared_kb the other way round: `largest_buffers SHARED_KB SESSIONS`.
largest_buffers() {
  local left small large
  shared_kb 0 "$2"
  left=$(($1 - RESULT))
  small=$((left * 160 / 169))
  large=$(((left - 16 * 1024) * 40 / 41))
  RESULT=$(((small > large ? small : large) / 1024 * 1024))
}

set_maintenance() {
  local workers=$1 divisor=16 most=$((2 * 1048576))
  if [[ $WORKLOAD == warehouse ]]; then divisor=8 most=$((8 * 1048576)); fi
  clamp $((MEMORY_KB / divisor / 1024 * 1024)) $((16 * 1024)) "$most"
  set_kb maintenance_work_mem "$RESULT"
  set_value autovacuum_max_workers "$workers"
  clamp $((MEMORY_KB / 64 / 1024 * 1024)) $((8 * 1024)) 1048576
  set_kb autovacuum_work_mem "$RESULT"
}

# What is spoken for before buffers and work: `add_fixed CONNECTIONS AUTOVACUUM_WORKERS`.
add_fixed() {
  local sum
  system_kb && sum=$RESULT
  beside_kb && sum=$((sum + RESULT))
  sessions_kb "$1" && sum=$((sum + RESULT))
  kb_of maintenance_work_mem && sum=$((sum + RESULT))
  kb_of autovacuum_work_mem && RESULT=$((sum + RESULT * $2))
}

# A share of what is left, by workload, but PostgreSQL's own 4 MB where that fits at all; the rest is for the page cache.
set_work_mem() {
  local sessions=$1 left=$2 share most least=64
  case $WORKLOAD in
    web | oltp) share=1 ;;
    mixed) share=2 ;;
    warehouse) share=3 ;;
  esac
  # work_kb the other way round: sessions * work_mem * 2 / 4 = left.
  most=$((left * 2 / sessions))
  ((most >= least)) || return 1
  clamp $((most * share / 4)) $((most < 4096 ? most : 4096)) 1048576
  if ((RESULT >= 1024)); then RESULT=$((RESULT / 1024 * 1024)); fi
  set_kb work_mem "$RESULT"
}

# The least machine for so many sessions, for people.
least_memory() {
  local fixed
  add_fixed "$@" && fixed=$RESULT
  shared_kb $((16 * 1024)) "$1"
  RESULT=$((fixed + RESULT * 2 + $1 * 64))
}

share_cpus() {
  local gather most=2
  half_up "$CPUS" && gather=$RESULT
  case $WORKLOAD in
    mixed) most=4 ;;
    warehouse) most=$CPUS ;;
  esac
  set_standby_safe max_worker_processes $((CPUS > 8 ? CPUS : 8))
  set_value max_parallel_workers "$CPUS"
  if ((CPUS == 1)); then gather=0; fi
  set_value max_parallel_workers_per_gather $((gather < most ? gather : most))
  set_value max_parallel_maintenance_workers $((gather < 4 ? gather : 4))
  set_standby_safe max_wal_senders 10
  set_value max_replication_slots 10
  set_standby_safe max_prepared_transactions 0
  set_standby_safe max_locks_per_transaction 64
}

# WAL of every kind together never takes half of the disk.
share_disk() {
  local most
  case $WORKLOAD in
    oltp) most=8192 ;;
    warehouse) most=16384 ;;
    *) most=4096 ;;
  esac
  clamp $((DISK_MB / 10 / 16 * 16)) 128 "$most" && most=$RESULT
  set_kb max_wal_size $((most * 1024))
  set_kb min_wal_size $((most * 256))
  set_kb max_slot_wal_keep_size $(((SLOT_WAL_MB < DISK_MB * 30 / 100 ? SLOT_WAL_MB : DISK_MB * 30 / 100) * 1024))
  set_kb wal_keep_size $(((KEEP_WAL_MB < DISK_MB / 20 ? KEEP_WAL_MB : DISK_MB / 20) * 1024))
  set_value checkpoint_timeout 15min
  set_value checkpoint_completion_target 0.9
  # Disks of virtual machines have no arm that moves, whatever they say of themselves.
  set_value random_page_cost 1.1
  set_value effective_io_concurrency 200
}

fit_to_version() {
  local compression=lz4 statistics=100 jit=off
  if ((VERSION < 15)); then compression=on; fi
  if [[ $WORKLOAD == warehouse ]]; then statistics=500 jit=on; fi
  set_value wal_compression "$compression"
  set_value default_statistics_target "$statistics"
  set_value jit "$jit"
  if ((VERSION >= 18)); then
    clamp $((CPUS / 4)) 3 32
    set_value io_workers "$RESULT"
  fi
}
