#!/bin/bash
# Whether PostgreSQL is ready to be made a cluster: version, files, extensions, service.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
programs=/usr/lib/postgresql/$PG_VERSION/bin
configuration=/etc/postgresql/$PG_VERSION/main

for program in initdb pg_basebackup pg_controldata pg_ctl pg_isready pg_rewind postgres psql; do
  [[ -x $programs/$program ]] || finding "$programs/$program is missing"
done
for file in postgresql.conf conf.d/20-definition.conf conf.d/90-operator.conf pg_hba.conf pg_ident.conf start.conf; do
  [[ -e $configuration/$file ]] || finding "$configuration/$file is missing"
done
[[ $(stat --format='%U:%G %a' "$configuration/pg_hba.conf") == 'root:postgres 640' ]] ||
  finding "$configuration/pg_hba.conf is not for root and postgres alone"
while IFS= read -r extension; do
  [[ -e /usr/share/postgresql/$PG_VERSION/extension/$extension.control ]] ||
    finding "no package brings the extension $extension, which the first boot creates"
done < <(sed --quiet 's/^CREATE EXTENSION "\(.*\)";$/\1/p' /etc/ballast/postgres/first-boot.sql)
[[ " $(id --name --groups postgres) " == *' ssl-cert '* ]] || finding 'postgres cannot read the key of the certificate: it is not in ssl-cert'
[[ -d /etc/ballast/tls ]] || finding '/etc/ballast/tls is missing'
expect_unit "postgresql@$PG_VERSION-main.service" enabled
expect_unit prometheus-postgres-exporter.service enabled
expect_sandboxed /etc/systemd/system/postgresql@.service
expect_sandboxed /etc/systemd/system/prometheus-postgres-exporter.service
conclude
