#!/bin/bash
# Kernel settings, limits and modules are files; this puts them into force on a machine that runs.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if booted; then systemctl restart systemd-sysctl.service; fi
