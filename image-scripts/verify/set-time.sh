#!/bin/bash
# chrony reads its settings, asks at least one source, and listens to nobody.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

if settings=$(chronyd -p -f /etc/chrony/chrony.conf 2>&1); then
  grep -qE '^(server|pool) ' <<<"$settings" || finding 'chrony has no time server'
  grep -qx 'port 0' <<<"$settings" || finding 'chrony would serve time to others'
  grep -qx 'cmdport 0' <<<"$settings" || finding 'chrony would take commands over the network'
else
  finding "chrony refuses its settings: $settings"
fi
expect_unit chrony.service enabled
conclude
