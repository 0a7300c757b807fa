#!/bin/sh
# Makes a docker node without a kernel of its own: a throw-away copy of a tree of packages, whose first process buries the
# others and waits for the end of its input. Run in namespaces of its own, and in a network that is not the machine's:
#   unshare --mount --pid --ipc --uts --fork --kill-child boot-docker-node.sh DIRECTORY TREE STAGE
# DIRECTORY is empty and takes the copy; STAGE becomes /tmp/ballast in it, as a bake has it.
set -eu
directory=$1 tree=$2 stage=$3
root=$directory/root

mount --make-rprivate /
mount -t tmpfs -o mode=755 tmpfs "$directory"
mkdir "$directory/upper" "$directory/work" "$root"
mount -t overlay overlay -o "lowerdir=$tree,upperdir=$directory/upper,workdir=$directory/work" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom tty; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
# Docker lays its images over each other, which it cannot do on a tree that is laid over another already.
for place in run tmp var/lib/docker var/lib/containerd; do
  mkdir -p "$root/$place"
  mount -t tmpfs -o mode=755 tmpfs "$root/$place"
done
mkdir "$root/run/lock"
cp -r "$stage" "$root/tmp/ballast"

cd "$root"
mkdir old
pivot_root . old
exec chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  sh -c 'umount -l /old && rmdir /old && echo ready && exec tini cat >/dev/null'
