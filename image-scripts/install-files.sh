#!/bin/bash
# Lays the files of the image over /: those of all images, those of this kind of role, and those rendered from the definition.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# Few commands for many files: each takes a tenth of a second where a machine is emulated.
lay() {
  local tree=$1
  sort_files "$tree"
  cp -RT --remove-destination --no-preserve=mode,ownership -- "$tree" /
  if ((${#PLAIN[@]} > 0)); then chmod 644 "${PLAIN[@]}"; fi
  if ((${#EXECUTABLE[@]} > 0)); then chmod 755 "${EXECUTABLE[@]}"; fi
}

load_settings
while IFS= read -r tree; do
  [[ -d $tree ]] || fail "$tree is missing: upload image-scripts and the role's rendered files to $STAGE"
  lay "$tree"
done < <(file_trees)
if booted; then systemctl daemon-reload; fi
