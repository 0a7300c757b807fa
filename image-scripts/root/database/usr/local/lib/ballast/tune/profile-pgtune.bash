# shellcheck shell=bash
# The rules of pgtune, for who knows and wants them. Its memory goes by sessions, not by a budget. Pure. Sourced, after
# settings.bash.

profile_pgtune() {
  local buffers=$((MEMORY_KB / 4)) huge_pages=off
  pgtune_connections
  set_kb shared_buffers "$buffers"
  set_kb effective_cache_size $((MEMORY_KB * 3 / 4))
  pgtune_maintenance
  if ((buffers >= 2097152)); then huge_pages=try; fi
  set_value huge_pages "$huge_pages"
  pgtune_wal "$buffers"
  pgtune_work "${VALUE[max_connections]}" "$buffers"
  pgtune_parallel
  pgtune_planner
  if ((CPUS >= 16)); then set_value autovacuum_max_workers $((CPUS >= 32 ? 5 : 4)); fi
}

pgtune_connections() {
  local sessions=$CONNECTIONS
  if ((sessions == 0)); then
    case $WORKLOAD in
      web) sessions=200 ;;
      oltp) sessions=300 ;;
      mixed) sessions=100 ;;
      warehouse) sessions=40 ;;
    esac
  fi
  set_standby_safe max_connections "$sessions"
}

pgtune_planner() {
  local compression=lz4
  if ((VERSION < 15)); then compression=on; fi
  set_value wal_compression "$compression"
  set_value effective_io_concurrency 200
  if [[ $WORKLOAD == warehouse ]]; then
    set_value random_page_cost 4
    set_value default_statistics_target 500
  else
    set_value random_page_cost 1.1
    set_value default_statistics_target 100
    set_value jit off
  fi
}

pgtune_maintenance() {
  local kb=$((MEMORY_KB / 16)) most=$((8 * 1048576))
  if [[ $WORKLOAD == warehouse ]]; then kb=$((MEMORY_KB / 8)); fi
  kb=$((kb > most ? most : kb))
  set_kb maintenance_work_mem "$kb"
  if ((kb >= 2097152)); then set_value autovacuum_work_mem 2GB; fi
}

pgtune_wal() {
  local buffers_kb=$(($1 * 3 / 100)) least most
  if ((buffers_kb > 14 * 1024)); then buffers_kb=$((16 * 1024)); fi
  set_kb wal_buffers $((buffers_kb < 32 ? 32 : buffers_kb))
  case $WORKLOAD in
    oltp) least=2 most=8 ;;
    warehouse) least=4 most=16 ;;
    *) least=1 most=4 ;;
  esac
  set_value min_wal_size ${least}GB
  set_value max_wal_size ${most}GB
  set_value checkpoint_completion_target 0.9
}

pgtune_work() {
  local workers=$((CPUS < 4 ? 8 : CPUS)) kb
  kb=$(((MEMORY_KB - $2) / (($1 + workers) * 3)))
  if [[ $WORKLOAD == warehouse || $WORKLOAD == mixed ]]; then kb=$((kb / 2)); fi
  kb=$((kb < 4096 ? 4096 : kb))
  set_value work_mem ${kb}kB
}

pgtune_parallel() {
  local half most=4
  if ((CPUS < 4)); then return; fi
  half_up "$CPUS" && half=$RESULT
  if [[ $WORKLOAD == warehouse ]]; then most=$CPUS; fi
  set_standby_safe max_worker_processes "$CPUS"
  set_value max_parallel_workers "$CPUS"
  set_value max_parallel_workers_per_gather $((half > most ? most : half))
  set_value max_parallel_maintenance_workers $((half > 4 ? 4 : half))
}
