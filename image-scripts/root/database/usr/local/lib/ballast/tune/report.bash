# shellcheck shell=bash
# The settings as a file and as tables. Sourced, after settings.bash and budget.bash.

# One line that says what the settings were made for.
machine_line() {
  printf '%s MB of memory %s, %s CPUs, %s GB of disk, PostgreSQL %s, workload %s, profile %s' \
    $((MEMORY_KB / 1024)) "$MEMORY_FROM" "$CPUS" $((DISK_MB / 1024)) "$VERSION" "$WORKLOAD" "$PROFILE"
}

# The generated include file.
settings_file() {
  local name
  printf '# Written by ballast-tune at every start of PostgreSQL: changes are lost, put them into 90-operator.conf.\n'
  printf '# For %s.\n' "$(machine_line)"
  for name in "${NAMES[@]}"; do
    printf '%s = %s\n' "$name" "${VALUE[$name]}"
  done
}

# What memory is spent on, and every setting.
explain() {
  local part
  printf 'For %s.\n\n' "$(machine_line)"
  printf '%-12s %8s MB\n' memory $((MEMORY_KB / 1024))
  for part in shared work sessions autovacuum maintenance beside system; do
    printf '  %-10s %8s MB  %s\n' "$part" $((${BUDGET[$part]} / 1024)) "$(part_text "$part")"
  done
  printf '  %-10s %8s MB  %s\n\n' "$([[ $TOTAL -gt $MEMORY_KB ]] && echo over || echo free)" \
    $(((MEMORY_KB > TOTAL ? MEMORY_KB - TOTAL : TOTAL - MEMORY_KB) / 1024)) 'beside the page cache that the system already counts'
  for name in "${NAMES[@]}"; do
    printf '%-34s %s\n' "$name" "${VALUE[$name]}"
  done
}

part_text() {
  case $1 in
    shared) echo 'shared_buffers and what PostgreSQL keeps beside them' ;;
    work) echo 'a quarter of the sessions, each with a hash of work_mem' ;;
    sessions) echo "${VALUE[max_connections]} sessions at rest" ;;
    autovacuum) echo 'all workers at once' ;;
    maintenance) echo 'one index build' ;;
    beside) echo 'PgBouncer and the exporters' ;;
    system) echo 'everything else on the machine' ;;
  esac
}
