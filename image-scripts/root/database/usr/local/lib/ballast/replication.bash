# shellcheck shell=bash
# How this node reaches another one for replication. Sourced, after node.bash.

# Connection string to the server at an address. With channel binding, nobody between the two can take the server's place
# without knowing the password, whoever signed its certificate.
replication_conninfo() {
  local tls='sslmode=require channel_binding=require'
  printf '%s\n' "host=$1 port=$PG_PORT user=$REPLICATION_USER passfile=$PASSFILE $tls connect_timeout=10 application_name=$NODE_NAME"
}

# The password of replication, where libpq looks for it.
write_passfile() {
  local password
  [[ -e $SECRETS/replication-password ]] || return 0
  password=$(<"$SECRETS/replication-password")
  password=${password//\\/\\\\}
  printf '*:*:*:%s:%s\n' "$REPLICATION_USER" "${password//:/\\:}" | write_file postgres:postgres 0600 "$PASSFILE"
}

require_passfile() {
  [[ -s $PASSFILE ]] && return
  fail "there is no password for replication: write it into $SECRETS/replication-password, or render the seed with one"
}

# This node's name, whom it waits for as a primary, and whom it streams from as a replica: `write_node_file PRIMARY_ADDRESS`.
write_node_file() {
  local primary=$1 names=''
  if [[ $SYNC_MODE != off && -n $SYNC_NAMES ]]; then
    names="ANY $SYNC_STANDBYS (\"${SYNC_NAMES// /\",\"}\")"
  fi
  write_file root:root 0644 "$PG_CONFIG/conf.d/30-node.conf" <<NODE
# Written by ${0##*/} from /etc/ballast/node.env; put changes into 90-operator.conf.
cluster_name = '$NODE_NAME'
synchronous_standby_names = '$names'
$([[ $primary == "$NODE_ADDRESS" ]] || standby_settings "$primary")
NODE
}

standby_settings() {
  printf "primary_conninfo = '%s'\n" "$(replication_conninfo "$1")"
  printf "primary_slot_name = '%s'\n" "$REPLICATION_SLOT"
}

# One statement on the server at an address, as the role of replication.
remote_sql() {
  as_postgres "$PG_BIN/psql" --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 --no-password \
    --dbname="$(replication_conninfo "$1") dbname=postgres" --command="$2"
}

# The slot on the primary that keeps the WAL this node still needs.
ensure_slot() {
  local primary=$1 slot=$REPLICATION_SLOT
  [[ -n $slot ]] || fail "/etc/ballast/node.env says no REPLICATION_SLOT: render it with 'ballast images seed'"
  remote_sql "$primary" "SELECT pg_create_physical_replication_slot('$slot', true)
    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot')" >/dev/null ||
    fail "the slot '$slot' could not be made on the primary at $primary, as $REPLICATION_USER: see the line above"
}

# A copy of the server at an address in an absent or empty directory, ready to follow it: `base_backup ADDRESS DIRECTORY`.
base_backup() {
  local primary=$1 directory=$2
  as_postgres "$PG_BIN/pg_basebackup" --pgdata="$directory" --dbname="$(replication_conninfo "$primary")" \
    --wal-method=stream --slot="$REPLICATION_SLOT" --checkpoint=fast --no-password ||
    fail "the copy of the primary at $primary failed: see the lines above"
  as_postgres touch "$directory/standby.signal"
}
