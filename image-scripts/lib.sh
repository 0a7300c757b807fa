# shellcheck shell=bash
# What every script of a bake shares. Sourced, never run.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive

# Where the scripts and the role's rendered files are uploaded to.
STAGE=/tmp/ballast
SCRIPTS=$STAGE/image-scripts
RENDERED=$STAGE/root

# Ends the bake: what failed, on what, and what to do next.
fail() {
  printf 'ballast: %s\n' "$*" >&2
  exit 1
}

# Reads the role's settings: BALLAST_ROLE, SSH_PORT, PG_VERSION, ...
load_settings() {
  local settings=$RENDERED/etc/ballast/image.env
  [[ -f $settings ]] || settings=/etc/ballast/image.env
  [[ -f $settings ]] || fail "$settings is missing: render the role's files and upload them to $RENDERED"
  # shellcheck source=/dev/null
  source "$settings"
}

# The group of static files that this role has beside the common ones.
role_group() {
  case $BALLAST_ROLE in
    docker) echo docker ;;
    primary | replica) echo database ;;
    *) fail "no such role: '$BALLAST_ROLE' (docker, primary or replica)" ;;
  esac
}

# The role's steps, in order.
verbs() {
  echo add-repositories install-packages install-files
  echo set-security-updates harden-ssh set-kernel set-time set-locale limit-journal set-exporter
  case $(role_group) in
    database) echo set-postgres set-tuner set-pgbouncer set-pgbackrest set-first-boot ;;
    docker) echo set-docker set-application ;;
  esac
  echo set-firewall harden seal
}

# Whether systemd runs this machine: a bake in a chroot has nothing to reload, start or stop.
booted() {
  [[ -d /run/systemd/system ]]
}

# apt-get that asks nothing, waits for whoever holds the lock, and keeps the image's own settings.
apt() {
  apt-get --yes --quiet --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=5 "$@"
}

# Packages of the role that are not installed, one a line.
missing_packages() {
  LC_ALL=C comm -23 \
    <(LC_ALL=C sort -u "$RENDERED/etc/ballast/packages") \
    <(dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' | sed -n 's/ installed$//p' | LC_ALL=C sort -u)
}

# The trees of files that are laid over / for this role, the later over the earlier.
file_trees() {
  printf '%s\n' "$SCRIPTS/root/common" "$SCRIPTS/root/$(role_group)" "$RENDERED"
}

# Sets EXECUTABLE and PLAIN to the files of a tree, by their paths in it: programs begin with `#!`, whatever became of the modes on
# the way here.
sort_files() {
  local tree=$1 file start
  EXECUTABLE=() PLAIN=()
  while IFS= read -r -d '' file; do
    start=
    IFS= read -r -n 2 start <"$file" || true
    if [[ $start == '#!' ]]; then EXECUTABLE+=("${file#"$tree"}"); else PLAIN+=("${file#"$tree"}"); fi
  done < <(find "$tree" -type f -print0)
}

# Lets units start at boot; most packages' own do already, and asking is cheaper than enabling once more.
enable_units() {
  local unit
  for unit in "$@"; do
    systemctl is-enabled --quiet "$unit" 2>/dev/null || systemctl --quiet --no-reload enable "$unit"
  done
}

# Checks collect what they find and say it at the end: `finding TEXT`, ..., `conclude`.
FINDINGS=0
finding() {
  printf '%s\n' "$*"
  FINDINGS=$((FINDINGS + 1))
}

conclude() {
  ((FINDINGS == 0)) || exit 1
}

# A finding unless the unit is enabled, disabled, masked, ... as wanted.
expect_unit() {
  local unit=$1 wanted=$2 state
  state=$(systemctl is-enabled "$unit" 2>/dev/null || true)
  [[ $state == "$wanted" ]] || finding "$unit is '${state:-unknown}', not '$wanted'"
}

# A finding unless systemd can read the units and the exposure of each is 2.0 or less.
expect_sandboxed() {
  local said
  said=$(systemd-analyze verify --man=no "$@" 2>&1) || finding "systemd refuses $*: $said"
  said=$(systemd-analyze security --offline=true --no-pager --threshold=20 "$@" 2>&1) ||
    finding "too exposed: $(grep 'Overall exposure' <<<"$said")"
}
