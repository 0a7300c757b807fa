# shellcheck shell=bash
# What ballast-release does to the containers of the stack STACK, in the directory of the stack. Sourced, never run. In a trap, as
# these functions may be, a plain `return` would return what was before the trap.

# How long containers may take until all of them are healthy.
HEALTHY_WITHIN_SECONDS=300

compose() {
  docker compose --project-directory "$STACKS/$STACK" "$@"
}

# The stack's variables: the definition's, those that nobody needs to choose, and the secrets that the node's seed brought.
ensure_env() {
  local name
  if [[ -e .env ]]; then return; fi
  {
    cat defaults.env
    while read -r name; do
      printf "%s='%s'\n" "$name" "$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')"
    done <generated
    if [[ -e $SECRETS/$STACK.env ]]; then cat "$SECRETS/$STACK.env"; fi
  } >.env.new
  mv .env.new .env
}

# The networks between Traefik and the environments belong to neither.
ensure_networks() {
  local network
  while read -r network; do
    docker network inspect "$network" >/dev/null 2>&1 || docker network create --internal "$network" >/dev/null
  done < <(tr -d '"' <compose.yaml | awk '/^    name: ballast-edge-/ { print $2 }')
}

# Services that take requests, all healthy, and run another image than the current release has: these change without a gap.
to_roll() {
  docker ps --all --filter "label=com.docker.compose.project=ballast-$STACK" --filter label=ballast.rolls \
    --format '{{.Label "com.docker.compose.service"}} {{.Image}} {{.Status}}' |
    awk -v release="$(images_in compose.override.yaml)" '
      BEGIN { for (n = split(release, line, "\n"); n > 0; n--) { split(line[n], part, " "); image[part[1]] = part[2] } }
      $2 != image[$1] { changed[$1] }
      !/\(healthy\)$/ { sick[$1] }
      END { for (service in changed) if (!(service in sick)) print service }'
}

up() {
  compose up --detach --wait --wait-timeout "$HEALTHY_WITHIN_SECONDS" "$@"
}

# New containers beside those that serve; the old ones stop once the new ones are healthy, or else the new ones go.
roll() {
  local service=$1 id
  local -a old
  mapfile -t old < <(compose ps --all --quiet "$service")
  say "starts $service anew, beside the one that serves"
  if up --no-recreate --scale "$service=$((2 * ${#old[@]}))" "$service"; then
    docker stop "${old[@]}" >/dev/null && docker rm --volumes "${old[@]}" >/dev/null
  else
    show_trouble
    for id in $(compose ps --all --quiet "$service"); do
      [[ " ${old[*]} " == *" $id "* ]] || docker rm --force "$id" >/dev/null
    done
    return 1
  fi
}

# Makes the containers those of the current release, and waits until all of them are healthy.
settle() {
  local service
  for service in $(to_roll); do
    roll "$service" || return 1
  done
  up --remove-orphans || { show_trouble && return 1; }
}

# What an operator needs to know of containers that are not healthy, before they are gone.
show_trouble() {
  local id name
  {
    compose ps --all
    while read -r id name _; do
      printf '\n%s: what its last health check and its log say:\n' "$name"
      docker inspect --format '{{if .State.Health}}{{range .State.Health.Log}}{{.Output}}{{end}}{{end}}' "$id"
      docker logs --tail 20 "$id" 2>&1
    done < <(
      docker ps --all --filter "label=com.docker.compose.project=ballast-$STACK" --format '{{.ID}} {{.Names}} {{.Status}}' |
        grep -v '(healthy)$'
    )
  } >&2 || true
}
