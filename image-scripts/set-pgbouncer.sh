#!/bin/bash
# Makes PgBouncer a service of its own user, without a file of passwords.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
systemd-sysusers ballast-database.conf
rm -f /etc/pgbouncer/userlist.txt
chown root:pgbouncer /etc/pgbouncer/pgbouncer.ini
chmod 0640 /etc/pgbouncer/pgbouncer.ini
systemctl disable --quiet pgbouncer.socket 2>/dev/null || true
systemctl enable --quiet pgbouncer.service
