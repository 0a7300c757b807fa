#!/bin/bash
# Every vendor's repository is there, and has its key.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

shopt -s nullglob
for repository in "$RENDERED"/etc/apt/sources.list.d/*.sources; do
  placed=/etc/apt/sources.list.d/${repository##*/}
  cmp --silent -- "$repository" "$placed" || finding "$placed differs from $repository"
  keyring=$(sed -n 's/^Signed-By: //p' "$repository")
  [[ -s $keyring ]] || finding "$keyring, which $placed is signed by, is missing"
done
conclude
