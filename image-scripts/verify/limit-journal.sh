#!/bin/bash
# journald's settings, all files together, are those of the image.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

settings=$(systemd-analyze --no-pager cat-config systemd/journald.conf)
for name in SystemMaxUse SystemKeepFree MaxRetentionSec; do
  grep -q "^$name=" <<<"$settings" || finding "journald has no $name"
done
[[ $(sed -n 's/^Storage=//p' <<<"$settings" | tail -n 1) == persistent ]] || finding 'logs do not outlive a reboot'
[[ -d /var/log/journal ]] || finding '/var/log/journal is missing'
conclude
