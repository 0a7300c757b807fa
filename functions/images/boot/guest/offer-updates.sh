#!/bin/bash
# Offers newer versions of installed packages to a machine, as if they were security updates, from a directory of its own.
# Usage: offer-updates.sh PACKAGE...
set -euo pipefail
export LC_ALL=C.UTF-8
umask 022

REPOSITORY=/srv/lab-updates
SUFFIX=+lab1

# Packs an installed package again, with a higher version.
repack() {
  local package=$1 tree=$REPOSITORY/tree control path
  rm -rf "$tree"
  mkdir -p "$tree/DEBIAN"
  dpkg-query --show --showformat='Package: ${Package}\nVersion: ${Version}'"$SUFFIX"'\nArchitecture: ${Architecture}\nMulti-Arch: ${Multi-Arch}\nMaintainer: ${Maintainer}\nDepends: ${Depends}\nPre-Depends: ${Pre-Depends}\nDescription: ${binary:Summary}\n' "$package" |
    grep --invert-match ': $' >"$tree/DEBIAN/control"
  for control in postinst preinst prerm postrm triggers conffiles shlibs; do
    path=$(dpkg-query --control-path "$package" "$control" 2>/dev/null || true)
    if [[ -n $path ]]; then cp -p -- "$path" "$tree/DEBIAN/$control"; fi
  done
  while IFS= read -r path; do
    if [[ -L $path || -f $path ]]; then
      mkdir -p "$tree${path%/*}"
      cp -a -- "$path" "$tree$path"
    fi
  done < <(dpkg-query --listfiles "$package")
  dpkg-deb --root-owner-group -Znone --build "$tree" "$REPOSITORY/$package.deb" >/dev/null
  rm -rf "$tree"
}

# What apt reads of each package.
describe() {
  local package
  cd "$REPOSITORY"
  for package in "$@"; do
    dpkg-deb --field "$package.deb"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$package.deb" "$(stat -c %s "$package.deb")" \
      "$(sha256sum "$package.deb" | cut -d ' ' -f 1)"
  done >Packages
  # shellcheck source=/dev/null
  source /etc/os-release
  printf 'Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\nCodename: %s-security\nDate: %s\nSHA256:\n %s %s Packages\n' \
    "$VERSION_CODENAME" "$(date --utc --rfc-email)" "$(sha256sum Packages | cut -d ' ' -f 1)" "$(stat -c %s Packages)" >Release
  printf 'deb [trusted=yes] file:%s ./\n' "$REPOSITORY" >/etc/apt/sources.list.d/lab.list
}

mkdir -p "$REPOSITORY"
for package in "$@"; do
  repack "$package"
done
describe "$@"
