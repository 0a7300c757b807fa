#!/bin/bash
# Whether the tuner finds an answer for this machine.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
tuned=$(/usr/local/sbin/ballast-tune --dry-run 2>&1) || finding "ballast-tune --dry-run failed: $tuned"
for setting in shared_buffers work_mem max_connections max_wal_size max_worker_processes; do
  [[ $tuned == *$'\n'"$setting = "* ]] || finding "ballast-tune decides no $setting"
done
expect_unit ballast-tune.service static
conclude
