#!/bin/bash
# Tells the machine's metrics to the monitor's networks.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

enable_units prometheus-node-exporter.service
