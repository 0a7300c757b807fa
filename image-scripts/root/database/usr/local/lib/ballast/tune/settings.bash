# shellcheck shell=bash disable=SC2034 # Variables are for who sources it.
# Settings as a profile collects them, in order, and the arithmetic that all profiles share. Pure. Sourced, never run.
#
# A profile reads the machine from these, all of them whole numbers:
#   MEMORY_KB    what PostgreSQL and all else on the machine may use
#   CPUS, DISK_MB, VERSION (14 to 18)
#   WORKLOAD     web, oltp, mixed or warehouse
#   CONNECTIONS  max_connections; 0 for what the profile itself advises
#   CLIENTS      PgBouncer's max_client_conn
#   SLOT_WAL_MB, KEEP_WAL_MB  the definition's limits
#   AT_LEAST     by setting: what a standby's primary has, 0 elsewhere

declare -gA VALUE=() AT_LEAST=()
declare -ga NAMES=()

reset_settings() {
  VALUE=()
  NAMES=()
}

# `set_value NAME VALUE`: the later value of a name wins, in the place of the first.
set_value() {
  if [[ ! -v VALUE[$1] ]]; then NAMES+=("$1"); fi
  VALUE[$1]=$2
}

# As set_value, but never under what a standby's primary has: the standby would not start.
set_standby_safe() {
  local least=${AT_LEAST[$1]-0}
  set_value "$1" "$(($2 > least ? $2 : least))"
}

# The next three answer in RESULT, so that nothing is forked.
clamp() {
  RESULT=$(($1 < $2 ? $2 : $1 > $3 ? $3 : $1))
}

half_up() {
  RESULT=$((($1 + 1) / 2))
}

# Kilobytes as PostgreSQL writes them, in the largest unit that holds them exactly.
set_kb() {
  local name=$1 kb=$2
  if ((kb % 1048576 == 0)); then
    set_value "$name" "$((kb / 1048576))GB"
  elif ((kb % 1024 == 0)); then
    set_value "$name" "$((kb / 1024))MB"
  else
    set_value "$name" "${kb}kB"
  fi
}

# Kilobytes of a setting that set_kb wrote.
kb_of() {
  local value=${VALUE[$1]}
  case $value in
    *GB) RESULT=$((${value%GB} * 1048576)) ;;
    *MB) RESULT=$((${value%MB} * 1024)) ;;
    *) RESULT=${value%kB} ;;
  esac
}
