#!/bin/bash
# Lets the first boot make the node: a primary a new cluster, a replica a copy of its primary.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
rm -rf "/var/lib/postgresql/$PG_VERSION/main" /var/lib/ballast/first-boot-done
systemctl enable --quiet ballast-first-boot.service
