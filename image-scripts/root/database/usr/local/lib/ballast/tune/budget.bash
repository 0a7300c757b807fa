# shellcheck shell=bash disable=SC2034 # Variables are for who sources it.
# What the settings may use of the machine's memory, whichever profile they are of. Pure. Sourced, after settings.bash.

# Below this, the machine is too small for PostgreSQL beside its pooler and exporters.
LEAST_MEMORY_KB=$((512 * 1024))

# Kilobytes for the system: its own programs and the least of a page cache.
system_kb() {
  local least=$((96 * 1024))
  RESULT=$((MEMORY_KB * 15 / 100))
  RESULT=$((RESULT < least ? least : RESULT))
}

# Kilobytes for PgBouncer, by the number of its clients, and for the two exporters.
beside_kb() {
  RESULT=$((8 * 1024 + CLIENTS * 8 + 40 * 1024))
}

# Kilobytes that sessions take before they sort or join anything.
sessions_kb() {
  RESULT=$(($1 * 1024))
}

# The most shared memory that so much shared_buffers takes with so many sessions, as PostgreSQL 14 to 18 report it themselves
# (shared_memory_size), rounded up: `shared_kb BUFFERS_KB SESSIONS`. Each process that may be there has its part, and its locks.
shared_kb() {
  local processes=$(($2 + ${VALUE[max_worker_processes]-8} + ${VALUE[max_wal_senders]-10} + ${VALUE[max_prepared_transactions]-0} + 8))
  local locks=${VALUE[max_locks_per_transaction]-64} wal_buffers=$(($1 < 512 * 1024 ? $1 / 32 : 16 * 1024))
  RESULT=$(($1 + $1 / 40 + wal_buffers + processes * (26 + locks * 44 / 100) + 16 * 1024))
}

# Kilobytes that may be sorted and joined in at one time: a quarter of the sessions, each with as much as a hash may take.
work_kb() {
  RESULT=$(($1 * $2 * ${VALUE[hash_mem_multiplier]-$((VERSION < 15 ? 1 : 2))} / 4))
}

# The parts of the budget as BUDGET, by name, in kilobytes; the whole in RESULT.
declare -gA BUDGET=()
add_up_budget() {
  local connections=${VALUE[max_connections]} maintenance buffers part total=0
  system_kb && BUDGET[system]=$RESULT
  beside_kb && BUDGET[beside]=$RESULT
  sessions_kb "$connections" && BUDGET[sessions]=$RESULT
  kb_of shared_buffers && buffers=$RESULT
  shared_kb "$buffers" "$connections" && BUDGET[shared]=$RESULT
  kb_of work_mem && work_kb "$connections" "$RESULT" && BUDGET[work]=$RESULT
  kb_of maintenance_work_mem && maintenance=$RESULT
  BUDGET[maintenance]=$maintenance
  if [[ -v VALUE[autovacuum_work_mem] ]]; then kb_of autovacuum_work_mem; else RESULT=$maintenance; fi
  BUDGET[autovacuum]=$((RESULT * ${VALUE[autovacuum_max_workers]-3}))
  for part in "${BUDGET[@]}"; do total=$((total + part)); done
  RESULT=$total
}
