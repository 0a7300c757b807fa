#!/bin/bash
# The machine has forgotten who it is. The sealed artifact is looked at once more, and far more closely, from outside.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

shopt -s nullglob dotglob

expect_none() {
  local path
  for path in "$@"; do
    if [[ -e $path || -L $path ]]; then finding "$path is still there"; fi
  done
}

[[ -f /etc/machine-id && ! -s /etc/machine-id ]] || finding '/etc/machine-id is not empty'
[[ $(readlink /var/lib/dbus/machine-id) == /etc/machine-id ]] || finding '/var/lib/dbus/machine-id is an identity of its own'
[[ $(cat /etc/hostname) == localhost ]] || finding '/etc/hostname names a machine'
if awk -F: '$2 !~ /^[!*]+$/ { exit 1 }' /etc/shadow; then :; else finding '/etc/shadow has a password'; fi
expect_none /etc/ssh/ssh_host_* /var/lib/systemd/random-seed /var/lib/systemd/credential.secret
expect_none /root/.ssh /home/*/.ssh /root/.*_history /home/*/.*_history
expect_none /var/lib/cloud/* /etc/netplan/50-cloud-init.yaml /etc/sudoers.d/90-cloud-init-users
expect_none /etc/ballast/secrets /etc/ballast/node.env /etc/ballast/tls /etc/pgbouncer/userlist.txt
expect_none /var/lib/apt/lists/* /var/cache/apt/archives/*.deb /var/log/journal/*
conclude
