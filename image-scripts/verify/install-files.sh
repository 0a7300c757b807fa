#!/bin/bash
# Every file is in its place, with its content and mode; of two trees with the same file, the later one's.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

declare -A source_of mode_of
load_settings
while IFS= read -r tree; do
  sort_files "$tree"
  for path in "${PLAIN[@]}" "${EXECUTABLE[@]}"; do
    source_of[$path]=$tree$path
    mode_of[$path]=644
  done
  for path in "${EXECUTABLE[@]}"; do
    mode_of[$path]=755
  done
done < <(file_trees)

paths=() sources=()
for path in "${!source_of[@]}"; do
  if [[ -f $path && ! -L $path ]]; then
    paths+=("$path")
    sources+=("${source_of[$path]}")
  else
    finding "$path is missing"
  fi
done
mapfile -t laid < <(sha256sum -- "${paths[@]}" | cut -d ' ' -f 1)
mapfile -t wanted < <(sha256sum -- "${sources[@]}" | cut -d ' ' -f 1)
mapfile -t modes < <(stat -c '%U:%G %a' -- "${paths[@]}")
for index in "${!paths[@]}"; do
  path=${paths[$index]}
  [[ ${laid[$index]} == "${wanted[$index]}" ]] || finding "$path differs from ${sources[$index]}"
  [[ ${modes[$index]} == "root:root ${mode_of[$path]}" ]] ||
    finding "$path is ${modes[$index]}, not root:root ${mode_of[$path]}"
done
conclude
