#!/bin/bash
# Docker starts with the machine, by the definition's settings. What it made before it had them is not part of the image.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

UNITS=(docker.socket docker.service containerd.service)

if booted; then systemctl stop "${UNITS[@]}"; fi
# Its networks by other settings, and an identity of its own.
find /var/lib/docker /var/lib/containerd -mindepth 1 -delete 2>/dev/null || true
rm -f /etc/docker/key.json
systemctl enable --quiet "${UNITS[@]}"
