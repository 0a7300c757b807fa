#!/bin/bash
# Docker accepts its settings, keeps nothing from the bake, and nobody but root may ask it for anything.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

SETTINGS=/etc/docker/daemon.json

if ! said=$(dockerd --validate --config-file "$SETTINGS" 2>&1); then finding "$SETTINGS is refused: $said"; fi
expect_setting() {
  grep -qE "^ *\"$1\": $2,?\$" "$SETTINGS" || finding "$SETTINGS does not say \"$1\": $2"
}
expect_setting live-restore true
expect_setting userland-proxy false
expect_setting ip '"127.0.0.1"'

docker compose version >/dev/null || finding 'docker compose does not run'
members=$(getent group docker | cut -d: -f4)
[[ -z $members ]] || finding "the group docker is as good as root, and has members: $members"
for directory in /var/lib/docker /var/lib/containerd; do
  [[ -z $(find "$directory" -mindepth 1 -print -quit 2>/dev/null) ]] || finding "$directory is not empty"
done
for unit in docker.service containerd.service; do
  expect_unit "$unit" enabled
done
conclude
