#!/bin/bash
# The tuner's own rules on many machines: a line of `NAME=VALUE ...` on stdin for each, and on stdout `refused: WHY` or the
# settings, as `name=value ...`. Usage: tune-machines.bash DIRECTORY-OF-THE-RULES
set -euo pipefail

for part in settings budget profile-ballast profile-pgtune profile-timescaledb; do
  # shellcheck source=/dev/null
  source "$1/$part.bash"
done

while read -r line; do
  reset_settings
  AT_LEAST=()
  for word in $line; do
    # shellcheck disable=SC2034 # The rules read AT_LEAST.
    case $word in
      least.*) word=${word#least.} && AT_LEAST[${word%%=*}]=${word#*=} ;;
      *) declare -g "$word" ;;
    esac
  done
  if "profile_$PROFILE"; then
    for name in "${NAMES[@]}"; do printf '%s=%s ' "$name" "${VALUE[$name]}"; done
    add_up_budget
    printf 'total=%s\n' "$RESULT"
  else
    printf 'refused: %s\n' "$REFUSAL"
  fi
done
