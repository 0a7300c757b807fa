#!/bin/sh
# Boots systemd over a throw-away copy of a root, this machine's or another one, without its services. Run in namespaces of its own:
#   unshare --fork --pid --mount --uts --ipc --cgroup --kill-child boot-systemd.sh DIRECTORY PROJECT ROOT
# DIRECTORY is empty and takes the copy; PROJECT is shown as /opt/ballast. The caller has moved itself into a cgroup v2 of its own.
set -eu
# shellcheck source=machine-root.sh
. "$(dirname -- "$0")/machine-root.sh"

assemble_root "$1" "$3"
mkdir -p "$root/opt/ballast"
mount --bind "$2" "$root/opt/ballast"
rm -rf "$root/etc/systemd/system"/*.wants
printf '[Unit]\nRequires=basic.target\nAfter=basic.target\n' >"$root/etc/systemd/system/ballast-test.target"
mask_units systemd-udevd.service systemd-timesyncd.service systemd-logind.service systemd-sysctl.service \
  systemd-modules-load.service getty.target
start_systemd ballast-test.target
