#!/bin/bash
# Makes the definition's locale, where it is not one that every system has.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

if [[ -f /etc/locale.gen ]] && grep -q '^[^#]' /etc/locale.gen; then
  command -v locale-gen >/dev/null || fail "locale-gen is missing: the package 'locales' belongs to this image's packages"
  locale-gen >/dev/null
fi
