#!/bin/bash
# Compose reads every stack, none of them holds a secret yet, and the machine starts them.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

# Stands for every variable that the stack's own .env will have.
scratch=$(mktemp)
trap 'rm -f "$scratch"' EXIT

check_stack() {
  local stack=$1 said file
  sed -nE 's/.*\$\{([A-Za-z0-9_]+)\?.*/\1=x/p' "$stack/compose.yaml" >"$scratch"
  if ! said=$(docker compose --project-directory "$stack" --env-file "$scratch" config --quiet 2>&1); then
    finding "$stack/compose.yaml is refused: $said"
  fi
  [[ $(stat -c '%U %a' "$stack") == 'root 700' ]] || finding "$stack is not root's alone"
  for file in "$stack/.env" "$stack/compose.override.yaml" "$stack"/releases/* "$stack"/acme/*; do
    [[ ! -e $file ]] || finding "$file is made on the machine, and must not be in the image"
  done
  expect_unit "ballast-stack@$(basename "$stack").service" enabled
}

for stack in /srv/ballast/*; do
  if [[ -f $stack/compose.yaml ]]; then check_stack "$stack"; fi
done
conclude
