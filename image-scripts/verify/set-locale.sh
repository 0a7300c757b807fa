#!/bin/bash
# Sessions and services have a locale that exists.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

language=$(sed -n 's/^LANG=//p' /etc/default/locale)
said=$(LC_ALL=$language locale charmap 2>&1)
[[ -n $language && $said == UTF-8 ]] || finding "locale '$language' of /etc/default/locale does not exist here: $said"
conclude
