#!/bin/bash
# Security updates install themselves at the definition's time. They never restart PostgreSQL, PgBouncer or Docker.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

systemctl --quiet --no-reload mask apt-daily.timer
enable_units apt-daily-upgrade.timer unattended-upgrades.service
