#!/bin/bash
# Every package of the role is installed, and none is half-way.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

while IFS= read -r package; do
  finding "package $package is not installed"
done < <(missing_packages)
while IFS= read -r line; do
  finding "dpkg --audit: $line"
done < <(dpkg --audit)
conclude
