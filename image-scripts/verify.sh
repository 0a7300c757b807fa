#!/bin/bash
# Looks once more at what the bake's steps did, on a machine that was made from the image. Usage: verify.sh ROLE
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

load_settings
[[ ${1-} == "$BALLAST_ROLE" ]] || fail "asked for the image of '${1-}', but the files are those of '$BALLAST_ROLE'"
FAILED=()
COUNT=0
for verb in $(verbs); do
  # These look whether the image is ready to become a machine, and this one has become one.
  case $verb in install-files | set-postgres | set-first-boot | set-docker | seal) continue ;; esac
  COUNT=$((COUNT + 1))
  bash "$SCRIPTS/verify/$verb.sh" || FAILED+=("$verb")
done
((${#FAILED[@]} == 0)) || fail "not as the image was made: ${FAILED[*]}; the lines above say what is wrong"
echo "$COUNT of the steps are as they were left"
