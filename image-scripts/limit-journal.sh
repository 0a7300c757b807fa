#!/bin/bash
# Keeps logs over reboots, within limits.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

install -d -m 2755 -g systemd-journal /var/log/journal
if booted; then systemctl restart systemd-journald.service; fi
