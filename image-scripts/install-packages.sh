#!/bin/bash
# Installs the role's packages, and every pending update with them. Needs no network where all of them are there already.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# The packages' own scripts read it: no cluster is made when the server is installed.
lay_before_packages() {
  local tree path=etc/postgresql-common/createcluster.d
  while IFS= read -r tree; do
    if [[ -d $tree/$path ]]; then
      mkdir -p "/$path"
      cp -R --no-preserve=ownership "$tree/$path/." "/$path/"
    fi
  done < <(file_trees)
}

load_settings
mapfile -t missing < <(missing_packages)
if ((${#missing[@]} == 0)); then
  echo 'All packages are installed already.'
  exit
fi
if booted; then systemctl stop apt-daily.timer apt-daily-upgrade.timer; fi
lay_before_packages
# Nothing may be restarted behind the bake's back.
export NEEDRESTART_MODE=l NEEDRESTART_SUSPEND=1
apt update --error-on=any
apt dist-upgrade
apt install "${missing[@]}"
