# shellcheck shell=bash
# What ballast-release knows of releases, in the directory of a stack: releases/NNNN.yaml names the image of every service, and
# compose.override.yaml is a link to the one that runs. One that was left again ends in .failed or .left. Sourced, never run.

# Every image of a compose file or release as `service image`. Names that YAML takes for something else are in quotes.
images_in() {
  tr -d '"' <"$1" | awk '/^[a-z]/ { inside = $1 == "services:" }
    inside && /^  [a-z]/ { sub(":$", "", $1); service = $1 }
    inside && /^    image: / { print service, $2 }'
}

# The images of these compose files and releases, each once; a file that is not there has none.
all_images() {
  local file
  for file in "$@"; do
    if [[ -e $file ]]; then images_in "$file"; fi
  done | cut -d ' ' -f 2 | sort -u
}

# registry:5000/shop:1.2 and registry:5000/shop@sha256:... without tag and digest.
repository() {
  sed -E 's/@sha256:[0-9a-f]+$//; s/:[A-Za-z0-9_][A-Za-z0-9_.-]*$//' <<<"$1"
}

# The number of the release that runs; nothing before the first.
current() {
  local target
  target=$(readlink compose.override.yaml) || return 0
  basename "$target" .yaml
}

# Releases that were not left again, newest first.
usable() {
  find releases -name '*.yaml' -printf '%f\n' | sed 's/\.yaml$//' | sort -r
}

# The release to go back to from this one; nothing where there is none.
before() {
  local number
  for number in $(usable); do
    if [[ $number < $1 ]]; then
      echo "$number"
      return
    fi
  done
}

next_number() {
  local newest
  newest=$(find releases -type f -printf '%f\n' | sort | tail -n 1)
  newest=${newest%%.*}
  printf '%04d' "$((10#${newest:-0} + 1))"
}

# The file that says which images run now, or would run first.
newest_images() {
  if [[ -e compose.override.yaml ]]; then echo compose.override.yaml; else echo compose.yaml; fi
}

# The stack's images with those asked for in their place, as `service image`.
images_with() {
  local service image wanted
  while read -r service image; do
    for wanted in "$@"; do
      if [[ $(repository "$wanted") == "$(repository "$image")" ]]; then image=$wanted; fi
    done
    echo "$service $image"
  done < <(images_in "$(newest_images)")
}

# Reads `service image` lines into a release of this number.
write_release() {
  local service image
  {
    date -u '+# %Y-%m-%dT%H:%M:%SZ'
    echo 'services:'
    while read -r service image; do printf '  "%s":\n    image: "%s"\n' "$service" "$image"; done
  } >"releases/$1.new"
  mv "releases/$1.new" "releases/$1.yaml"
}

switch_to() {
  ln -sf "releases/$1.yaml" compose.override.yaml.new
  mv -T compose.override.yaml.new compose.override.yaml
}
