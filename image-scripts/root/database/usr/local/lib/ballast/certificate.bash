# shellcheck shell=bash
# The node's certificate for PostgreSQL and PgBouncer. Sourced, after node.bash.

TLS=/etc/ballast/tls

# The one that came with the seed, or else one that this node signs itself. Another boot keeps what is there.
ensure_certificate() {
  if [[ -s $TLS/server.crt && -s $TLS/server.key ]]; then return; fi
  if [[ -e $SECRETS/server.crt && -e $SECRETS/server.key ]]; then
    openssl x509 -noout -in "$SECRETS/server.crt" || fail "$SECRETS/server.crt is no certificate"
    place_certificate "$SECRETS/server.crt" "$SECRETS/server.key"
  elif [[ -e $SECRETS/server.crt || -e $SECRETS/server.key ]]; then
    fail "the seed has only one of $SECRETS/server.crt and $SECRETS/server.key: give both, or none"
  else
    sign_certificate
  fi
}

# PostgreSQL and PgBouncer read the key through the group that Debian has for this.
place_certificate() {
  write_file root:root 0644 "$TLS/server.crt" <"$1"
  write_file root:ssl-cert 0640 "$TLS/server.key" <"$2"
}

sign_certificate() {
  local directory
  directory=$(mktemp --directory)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$NODE_NAME" \
    -addext "subjectAltName=$(subject_names)" -keyout "$directory/key" -out "$directory/crt" 2>"$directory/log" ||
    fail "no certificate could be made: $(<"$directory/log")"
  place_certificate "$directory/crt" "$directory/key"
  rm -r -- "$directory"
}

# DNS:db-1,IP:10.0.0.11 and whatever else the seed names.
subject_names() {
  local name names="DNS:$NODE_NAME,IP:$NODE_ADDRESS"
  for name in $CERTIFICATE_NAMES; do
    names+=,$name
  done
  printf '%s\n' "$names"
}
