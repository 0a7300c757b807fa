# shellcheck shell=bash disable=SC2034 # Variables are for who sources it.
# What Ballast's programs on a database node share. Sourced, never run.
set -euo pipefail
export LC_ALL=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077

SECRETS=/etc/ballast/secrets
STATE=/var/lib/ballast

say() {
  printf '%s: %s\n' "${0##*/}" "$*"
}

# Ends the program: what failed, on what, and what to do next.
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the comment at the head of the program, which is its help.
show_help() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

require_root() {
  ((EUID == 0)) || fail "only root may do this: run it with sudo"
}

# The image's settings, and the places that follow from them.
load_image() {
  [[ -f /etc/ballast/image.env ]] || fail "/etc/ballast/image.env is missing: this machine was not made from a Ballast image"
  # shellcheck source=/dev/null
  source /etc/ballast/image.env
  PG_BIN=/usr/lib/postgresql/$PG_VERSION/bin
  PG_CONFIG=/etc/postgresql/$PG_VERSION/main
  PG_DATA=/var/lib/postgresql/$PG_VERSION/main
  PG_UNIT=postgresql@$PG_VERSION-main.service
  PASSFILE=$PG_CONFIG/replication.pass
}

# This node's own settings. Their text goes into configuration files, so it may hold nothing that needs quoting there.
load_node() {
  local name
  [[ -f /etc/ballast/node.env ]] ||
    fail "/etc/ballast/node.env is missing: render this node's user-data with 'ballast images seed --node NAME'"
  NODE_NAME='' NODE_ADDRESS='' REPLICATION_SLOT='' SYNC_NAMES='' CERTIFICATE_NAMES=''
  # shellcheck source=/dev/null
  source /etc/ballast/node.env
  for name in NODE_NAME NODE_ADDRESS PRIMARY_ADDRESS; do
    [[ -n ${!name} ]] || fail "/etc/ballast/node.env says no $name: render it with 'ballast images seed'"
  done
  for name in NODE_NAME NODE_ADDRESS PRIMARY_ADDRESS REPLICATION_SLOT SYNC_NAMES CERTIFICATE_NAMES; do
    [[ ${!name} =~ ^[A-Za-z0-9_.:\ \$-]*$ ]] || fail "/etc/ballast/node.env has a $name with other characters than a name has"
  done
}

# Runs a program as postgres, with a clean environment. It sees no secret that root has.
as_postgres() {
  (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups --reset-env -- "$@")
}

# One statement on this node's server, as its superuser; rows come unaligned, without a header.
sql() {
  as_postgres "$PG_BIN/psql" --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 \
    --host=/run/postgresql --port="$PG_PORT" --dbname=postgres --command="$1"
}

# Replaces a file by what comes on stdin, in one step: `write_file OWNER:GROUP MODE PATH`.
write_file() {
  local owner=$1 mode=$2 path=$3 fresh
  fresh=$(mktemp -- "$path.XXXXXX")
  cat >"$fresh"
  chown -- "$owner" "$fresh"
  chmod -- "$mode" "$fresh"
  sync -- "$fresh"
  mv -- "$fresh" "$path"
}
