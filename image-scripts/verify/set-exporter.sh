#!/bin/bash
# The exporter starts by itself, in its sandbox, at the definition's address, and with options that it knows.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

expect_unit prometheus-node-exporter.service enabled
expect_sandboxed /etc/systemd/system/prometheus-node-exporter.service
# shellcheck source=/dev/null
source /etc/default/prometheus-node-exporter
grep -q -- '--web.listen-address=' <<<"$ARGS" || finding 'the exporter would listen wherever it likes'
# shellcheck disable=SC2086
said=$(prometheus-node-exporter $ARGS --version 2>&1) || finding "the exporter refuses its options: $said"
conclude
