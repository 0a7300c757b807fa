#!/bin/bash
# Puts the role's own table in force at every start of the machine. Not now: the bake's connection comes from no network of the definition.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Debian's own service flushes every table when it stops, those of Docker too.
systemctl mask --quiet nftables.service
systemctl enable --quiet ballast-firewall.service
