#!/bin/bash
# Whether pgBackRest is installed, and works by schedule exactly where it has a repository.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
command -v pgbackrest >/dev/null || finding 'pgBackRest is not installed'
if [[ $PITR == on ]]; then
  expect_unit ballast-full-backup.timer enabled
  expect_unit ballast-first-backup.service enabled
  # Of what it does not know in a file, pgBackRest only warns; `start` reads it all and asks nobody.
  said=$(setpriv --reuid=postgres --regid=postgres --init-groups --reset-env pgbackrest --stanza="$BALLAST_CLUSTER" start 2>&1) ||
    finding "pgBackRest does not take its configuration: $said"
  if grep --quiet 'invalid' <<<"$said"; then finding "pgBackRest does not know all of its configuration: $said"; fi
  grep --quiet "^\[$BALLAST_CLUSTER\]$" /etc/pgbackrest/pgbackrest.conf || finding "pgbackrest.conf has no stanza $BALLAST_CLUSTER"
else
  expect_unit ballast-first-backup.service disabled
  [[ ! -e /etc/pgbackrest/pgbackrest.conf ]] || finding 'there is a pgbackrest.conf, but no repository in the definition'
fi
! grep --quiet --no-messages --recursive 'repo1-s3-key=' /etc/pgbackrest || finding 'a key of the repository is in the image'
for directory in /var/spool/pgbackrest /var/log/pgbackrest; do
  [[ $(stat --format='%U %a' "$directory" 2>/dev/null) == 'postgres 750' ]] || finding "$directory is not postgres's own"
done
conclude
