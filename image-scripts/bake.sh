#!/bin/bash
# Makes this machine the image of one role: every step in order, and after each its check. Usage: bake.sh ROLE
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

step() {
  local verb=$1 started=$SECONDS
  bash "$SCRIPTS/$verb.sh" || fail "$verb failed on the image of $BALLAST_ROLE: see the lines above"
  bash "$SCRIPTS/verify/$verb.sh" || fail "$verb did not do all of its work: the lines above say what is wrong"
  printf 'ballast: %s %ss\n' "$verb" "$((SECONDS - started))"
}

main() {
  local role=${1-} verb all
  load_settings
  [[ $role == "$BALLAST_ROLE" ]] || fail "asked for the image of '$role', but the files are those of '$BALLAST_ROLE'"
  all=$(verbs)
  for verb in $all; do
    step "$verb"
  done
  # The scripts were the last that is not of the image. Freed blocks need not be shipped.
  rm -rf -- "$STAGE"
  if booted; then fstrim --all --quiet-unsupported; fi
}

# In one piece, as the script is gone before it ends.
main "$@"
exit
