#!/bin/bash
# The kernel would take the table, it drops what it does not name, and the machine loads it before there is a network.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

TABLE=/etc/nftables.d/ballast.nft

load_settings
if ! said=$(/usr/sbin/nft --check --file "$TABLE" 2>&1); then finding "$TABLE is refused: $said"; fi
for hook in input forward; do
  grep -q "type filter hook $hook .* policy drop;" "$TABLE" || finding "$TABLE does not drop by itself at the hook $hook"
done
if grep -nE '^[^#]*\bflush\b' "$TABLE"; then finding "$TABLE flushes, above: the tables of others must stay"; fi
grep -q "tcp dport { $SSH_PORT } accept" "$TABLE" || finding "$TABLE lets nobody in by SSH, at port $SSH_PORT"
expect_unit ballast-firewall.service enabled
expect_unit nftables.service masked
conclude
