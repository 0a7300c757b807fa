#!/bin/bash
# Whether the first boot is still to come, and has what it needs.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
for program in openssl setpriv; do
  command -v "$program" >/dev/null || finding "$program is missing: the first boot needs it"
done
for program in ballast-first-boot ballast-promote ballast-rejoin; do
  /usr/local/sbin/$program --help | grep --quiet '^Usage: ' || finding "/usr/local/sbin/$program does not run"
done
[[ ! -e /var/lib/postgresql/$PG_VERSION/main ]] || finding "there is a cluster in /var/lib/postgresql/$PG_VERSION/main"
[[ ! -e /var/lib/ballast/first-boot-done ]] || finding 'the first boot counts as done'
[[ ! -e /etc/ballast/node.env ]] || finding 'a node is in the image: /etc/ballast/node.env'
[[ -z $(ls -A /etc/ballast/secrets 2>/dev/null) ]] || finding 'a secret is in the image: /etc/ballast/secrets'
expect_unit ballast-first-boot.service enabled
conclude
