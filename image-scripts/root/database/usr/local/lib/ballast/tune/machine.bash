# shellcheck shell=bash disable=SC2034 # Variables are for who sources it.
# What this machine really has. Sourced.

# The machine's memory in kilobytes, from a file like /proc/meminfo.
memory_total_kb() {
  sed --quiet 's/^MemTotal: *\([0-9]*\) kB$/\1/p' "$1"
}

# The size of a huge page in kilobytes; nothing where the kernel has none.
huge_page_kb() {
  sed --quiet 's/^Hugepagesize: *\([0-9]*\) kB$/\1/p' "$1"
}

# The least limit, in kilobytes, of a cgroup and all above it; nothing without one: `cgroup_limit_kb ROOT PATH`, with ROOT
# where cgroup v2 is mounted and PATH as in /proc/self/cgroup.
cgroup_limit_kb() {
  local root=$1 path=$2 bytes least=''
  while :; do
    bytes=$(cat -- "$root$path/memory.max" 2>/dev/null || true)
    least=$(least_bytes "$least" "$bytes")
    if [[ -z $path || $path == / ]]; then break; fi
    path=${path%/*}
  done
  if [[ -n $least ]]; then printf '%s\n' "$((least / 1024))"; fi
}

# The smaller of two sizes in bytes. An absent one, `max`, `infinity` and what no machine has are no limit.
least_bytes() {
  local bytes least=''
  for bytes in "$@"; do
    [[ $bytes =~ ^[0-9]{1,15}$ ]] || continue
    if [[ -z $least ]] || ((bytes < least)); then least=$bytes; fi
  done
  printf '%s\n' "$least"
}

# The limit that an operator gave to PostgreSQL's unit, in kilobytes; nothing without one.
unit_limit_kb() {
  local bytes
  bytes=$(systemctl show --value --property=MemoryMax "$1" 2>/dev/null || true)
  bytes=$(least_bytes "$bytes")
  if [[ -n $bytes ]]; then printf '%s\n' "$((bytes / 1024))"; fi
}

# The size of the disk that a path is on, in megabytes.
disk_mb() {
  df --block-size=1M --output=size -- "$1" | tail --lines=1 | tr --delete ' '
}

# Sets MEMORY_KB and MEMORY_FROM, CPUS, DISK_MB: `read_machine UNIT DATA_DIRECTORY`.
read_machine() {
  local limit own
  MEMORY_KB=$(memory_total_kb /proc/meminfo) MEMORY_FROM='of the machine'
  own=$(sed --quiet 's/^0:://p' /proc/self/cgroup)
  for limit in "$(cgroup_limit_kb /sys/fs/cgroup "$own")" "$(unit_limit_kb "$1")"; do
    if [[ -n $limit ]] && ((limit < MEMORY_KB)); then MEMORY_KB=$limit MEMORY_FROM='by the limit of its control group'; fi
  done
  CPUS=$(nproc)
  DISK_MB=$(disk_mb "$2")
}

# How large the machine was made, which is more than the kernel leaves of it: memory comes in blocks of 128 MB.
machine_size_kb() {
  local block=$((128 * 1024))
  if [[ $MEMORY_FROM == 'of the machine' ]]; then
    printf '%s\n' $(((MEMORY_KB + block - 1) / block * block))
  else
    printf '%s\n' "$MEMORY_KB"
  fi
}
