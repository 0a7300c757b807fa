#!/bin/bash
# The kernel's settings are as the files say, where a kernel runs them; forwarding is as the role needs it; what clouds hand their
# seeds over with can be read.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings

# Every setting that systemd-sysctl would make, the last of a name.
declare -A wanted
while IFS='=' read -r name value; do
  wanted[${name// /}]=${value# }
done < <(cat /etc/sysctl.d/*.conf | grep -v '^\s*\(#\|$\)')

forward=0
if [[ $(role_group) == docker ]]; then forward=1; fi
[[ ${wanted[net.ipv4.ip_forward]-} == "$forward" ]] || finding "net.ipv4.ip_forward is not $forward in /etc/sysctl.d"

if booted; then
  for name in "${!wanted[@]}"; do
    actual=$(sysctl -n "$name" 2>/dev/null || true)
    [[ $actual == "${wanted[$name]}" ]] || finding "$name is '$actual', not '${wanted[$name]}'"
  done
fi

for module in udf vfat; do
  if grep -rqE "^\s*(install|blacklist)\s+$module\b" /etc/modprobe.d; then finding "module $module is blocked: no seed could be read"; fi
done
conclude
