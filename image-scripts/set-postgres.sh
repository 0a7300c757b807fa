#!/bin/bash
# Prepares PostgreSQL: its configuration's places, its service and its exporter. The cluster is made at the first boot.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
configuration=/etc/postgresql/$PG_VERSION/main
[[ -x /usr/lib/postgresql/$PG_VERSION/bin/postgres ]] || fail "PostgreSQL $PG_VERSION is not installed"
if [[ ! -e $configuration/conf.d/90-operator.conf ]]; then
  echo '# Settings of your own, over all others. Ballast never writes here.' >"$configuration/conf.d/90-operator.conf"
fi
# Who may log in is for PostgreSQL alone to know.
chown root:postgres "$configuration/pg_hba.conf" "$configuration/pg_ident.conf"
chmod 0640 "$configuration/pg_hba.conf" "$configuration/pg_ident.conf"
# The package's key is in every image that was made with it.
rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
systemd-tmpfiles --create ballast-database.conf
systemctl enable --quiet "postgresql@$PG_VERSION-main.service" prometheus-postgres-exporter.service
