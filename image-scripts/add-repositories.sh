#!/bin/bash
# Adds the vendors' package repositories of this role, with the one key that each may be signed with. Usually there is none.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

KEYS=$RENDERED/etc/ballast/repository-keys

# The fingerprint of a key in a file; of more than one key, nothing.
fingerprint() {
  gpg --batch --show-keys --with-colons "$1" |
    awk -F: '$1 == "pub" { keys++ } $1 == "fpr" && !first { first = $10 } END { if (keys == 1) print first }'
}

fetch_key() {
  local keyring=$1 wanted=$2 url=$3 got
  mkdir -p "$(dirname -- "$keyring")"
  curl --fail --silent --show-error --location --retry 5 --output "$keyring.new" "$url" ||
    fail "the repository's key could not be fetched from $url: check the way out of this network, then bake again"
  got=$(fingerprint "$keyring.new")
  [[ $got == "$wanted" ]] || {
    rm -f "$keyring.new"
    fail "the key at $url is ${got:-no single key}, not $wanted: ask the vendor before you trust another"
  }
  mv "$keyring.new" "$keyring"
}

shopt -s nullglob
repositories=("$RENDERED"/etc/apt/sources.list.d/*.sources)
if ((${#repositories[@]} == 0)); then
  echo 'Packages come from the distribution alone.'
  exit
fi

if [[ -f $KEYS ]]; then
  if ! command -v curl >/dev/null || ! command -v gpg >/dev/null; then
    apt update --error-on=any
    apt install ca-certificates curl gpg
  fi
  while read -r keyring wanted url; do
    fetch_key "$keyring" "$wanted" "$url"
  done <"$KEYS"
fi
if grep -q '^Signed-By: /usr/share/postgresql-common/' "${repositories[@]}" && [[ ! -d /usr/share/postgresql-common/pgdg ]]; then
  apt update --error-on=any
  apt install postgresql-common
fi
cp "${repositories[@]}" /etc/apt/sources.list.d/
if [[ -d $RENDERED/etc/apt/preferences.d ]]; then cp "$RENDERED"/etc/apt/preferences.d/* /etc/apt/preferences.d/; fi
