#!/bin/bash
# Whether PgBouncer is the version that its configuration was made for, as its own user, and holds no password.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
version=$(pgbouncer --version | sed --quiet 's/^PgBouncer \([0-9.]*\).*/\1/p')
oldest=$(printf '%s\n' "$version" "$PGBOUNCER_VERSION" | sort --version-sort | head --lines=1)
[[ $oldest == "$PGBOUNCER_VERSION" ]] || finding "PgBouncer $version is older than $PGBOUNCER_VERSION, which pgbouncer.ini was made for"
[[ $(stat --format='%U:%G %a' /etc/pgbouncer/pgbouncer.ini) == 'root:pgbouncer 640' ]] ||
  finding '/etc/pgbouncer/pgbouncer.ini is not for root and pgbouncer alone'
[[ ! -e /etc/pgbouncer/userlist.txt ]] || finding '/etc/pgbouncer/userlist.txt is for passwords, and there are none'
[[ " $(id --name --groups pgbouncer 2>/dev/null) " == *' ssl-cert '* ]] || finding 'there is no user pgbouncer in the group ssl-cert'
expect_unit pgbouncer.service enabled
expect_sandboxed /etc/systemd/system/pgbouncer.service
conclude
