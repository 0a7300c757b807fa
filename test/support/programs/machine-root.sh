# shellcheck shell=sh
# What the machines of the tests have in common: a throw-away copy of a root, in namespaces of its own, and systemd over it. Sourced.

# assemble_root DIRECTORY LOWER: makes DIRECTORY/root, a copy of LOWER with everything mounted that a running system has.
assemble_root() {
  directory=$1 lower=$2
  root=$directory/root
  mount --make-rprivate /
  mount -t tmpfs -o mode=755 tmpfs "$directory"
  mkdir "$directory/upper" "$directory/work" "$root"
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$directory/upper,workdir=$directory/work" "$root"
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  # The kernel's settings are the host's.
  mount --bind "$root/proc/sys" "$root/proc/sys"
  mount -o remount,bind,ro "$root/proc/sys"
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
  mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
  mount -t tmpfs -o mode=755,nosuid,noexec tmpfs "$root/dev"
  for device in null zero full random urandom tty; do
    : >"$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
  done
  mkdir "$root/dev/pts" "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=666,nosuid,noexec devpts "$root/dev/pts"
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  mount -t tmpfs -o nosuid,nodev tmpfs "$root/dev/shm"
  mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
  mount -t tmpfs -o nosuid,nodev tmpfs "$root/tmp"
  : >"$root/etc/machine-id"
}

# mask_units UNIT...: what cannot run here, or has nothing to do.
mask_units() {
  for unit in "$@"; do
    ln -sf /dev/null "$root/etc/systemd/system/$unit"
  done
}

# start_systemd TARGET: the copy becomes the root, and systemd the first process.
start_systemd() {
  cd "$root" || exit
  mkdir old
  pivot_root . old
  # Credentials reach a service through a mount that must spread from systemd's own view.
  # shellcheck disable=SC2016
  exec chroot . /usr/bin/env -i container=ballast-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'umount -l /old; mount --make-rshared /; exec /lib/systemd/systemd --unit="$1" </dev/null >/dev/null 2>&1' sh "$1"
}
