# shellcheck shell=bash
# Huge pages for exactly the server's shared memory. Sourced, after node.bash.

PAGES=/proc/sys/vm/nr_hugepages

# A setting as the server would have it, from all of its configuration. The server must be stopped.
would_be() {
  as_postgres "$PG_BIN/postgres" -D "$PG_DATA" -c "config_file=$PG_CONFIG/postgresql.conf" -C "$1"
}

# Reserves as many as the server will take, or none: pages reserved in vain are lost to everything else. None as well where
# settings over the tuned ones want more than there is: `reserve_huge_pages MOST_KB`. Prints how many.
reserve_huge_pages() {
  local most=$1 wanted page
  if ((PG_VERSION < 15)); then
    # It cannot say how many it would take.
    echo 0
    return
  fi
  page=$(huge_page_kb /proc/meminfo)
  wanted=$(would_be shared_memory_size_in_huge_pages)
  if [[ $(would_be huge_pages) == off ]] || ((wanted <= 0 || wanted * ${page:-0} > most)); then wanted=0; fi
  if ! { printf '%s\n' "$wanted" >"$PAGES"; } 2>/dev/null; then wanted=0; fi
  if (($(<"$PAGES") < wanted)); then
    printf '0\n' >"$PAGES"
    wanted=0
  fi
  printf '%s\n' "$wanted"
}
