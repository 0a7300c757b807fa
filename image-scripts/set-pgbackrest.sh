#!/bin/bash
# Lets pgBackRest make its backups by schedule, where the definition has a repository for it; else it is only installed.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
command -v pgbackrest >/dev/null || fail 'pgBackRest is not installed'
# The package's file would be read in place of a missing one.
rm -f /etc/pgbackrest.conf
if [[ $PITR == on ]]; then
  chown root:postgres /etc/pgbackrest/pgbackrest.conf
  chmod 0640 /etc/pgbackrest/pgbackrest.conf
  systemctl enable --quiet ballast-full-backup.timer ballast-first-backup.service
fi
