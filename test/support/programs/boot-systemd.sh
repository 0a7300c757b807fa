#!/bin/sh
# Boots systemd over a throw-away copy of a root, this machine's or another one, without its services. Run in namespaces of its own:
#   unshare --fork --pid --mount --uts --ipc --cgroup --kill-child boot-systemd.sh DIRECTORY PROJECT ROOT
# DIRECTORY is empty and takes the copy; PROJECT is shown as /opt/ballast. The caller has moved itself into a cgroup v2 of its own.
set -eu
directory=$1 project=$2 lower=$3
root=$directory/root
devices='null zero full random urandom tty'

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$directory"
mkdir "$directory/upper" "$directory/work" "$root"
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$directory/upper,workdir=$directory/work" "$root"
mkdir -p "$root/opt/ballast"
mount --bind "$project" "$root/opt/ballast"
mount -t proc proc "$root/proc"
# The kernel's settings are the host's.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in $devices; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"

units=$root/etc/systemd/system
rm -rf "$units"/*.wants
printf '[Unit]\nRequires=basic.target\nAfter=basic.target\n' >"$units/ballast-test.target"
for unit in systemd-udevd.service systemd-timesyncd.service systemd-logind.service systemd-sysctl.service systemd-modules-load.service getty.target; do
  ln -sf /dev/null "$units/$unit"
done
: >"$root/etc/machine-id"

cd "$root"
mkdir old
pivot_root . old
# Credentials reach a service through a mount that must spread from systemd's own view.
exec chroot . /usr/bin/env -i container=ballast-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  sh -c 'umount -l /old; mount --make-rshared /; exec /lib/systemd/systemd --unit=ballast-test.target </dev/null >/dev/null 2>&1'
