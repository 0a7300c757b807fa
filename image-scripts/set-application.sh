#!/bin/bash
# The stacks below /srv/ballast: directories that root alone looks into, and units that start what was deployed.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Traefik's user in its container, as compose.yaml of the edge has it.
TRAEFIK_USER=65532:65532

for stack in /srv/ballast/*/; do
  [[ -f $stack/compose.yaml ]] || continue
  install -d --mode=700 "$stack" "$stack/releases"
  systemctl enable --quiet "ballast-stack@$(basename "$stack").service"
done
if [[ -d /srv/ballast/edge ]]; then
  install -d --mode=755 /srv/ballast/edge/certificates
  install -d --mode=700 --owner="${TRAEFIK_USER%:*}" --group="${TRAEFIK_USER#*:}" /srv/ballast/edge/acme
fi
