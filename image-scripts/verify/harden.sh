#!/bin/bash
# Accounts have strict defaults, and no home is open to everybody.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

for setting in 'UMASK 027' 'ENCRYPT_METHOD YESCRYPT'; do
  grep -qxF -- "$setting" /etc/login.defs || finding "/etc/login.defs does not say '$setting'"
done
while IFS=: read -r user _ uid _ _ home shell; do
  if [[ -d $home && $home != / && ($uid -ge 1000 || $shell == */bash) && $(stat -c %A -- "$home") != *--- ]]; then
    finding "everybody may look into $home of $user"
  fi
done </etc/passwd
conclude
