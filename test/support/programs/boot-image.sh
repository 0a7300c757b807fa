#!/bin/sh
# Boots an image with its services, as far as they need no hardware and no seed, over a throw-away copy of its files:
#   unshare --fork --pid --mount --uts --ipc --cgroup --net --kill-child boot-image.sh DIRECTORY PROJECT IMAGE
# DIRECTORY is empty and takes the copy; IMAGE is a raw disk, or a tree of files. Lynis is this machine's own. The caller has moved itself into a cgroup v2
# of its own.
set -eu
# shellcheck source=machine-root.sh
. "$(dirname -- "$0")/machine-root.sh"

image=$3
if [ -f "$image" ]; then
  mount --make-rprivate /
  mount -t ext4 -o ro,noload,loop,offset=1048576 "$image" /mnt
  image=/mnt
fi
assemble_root "$1" "$image"
# Settings of the network are the namespace's own, and are made as in the image.
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"
ip link set lo up
mask_units systemd-udevd.service getty.target systemd-networkd-wait-online.service cloud-init.service cloud-init-local.service \
  cloud-init-main.service cloud-init-network.service cloud-config.service cloud-final.service
# cloud-init would make these.
chroot "$root" ssh-keygen -q -A
echo node-1 >"$root/etc/hostname"
echo '127.0.1.1 node-1 node-1' >>"$root/etc/hosts"
chroot "$root" useradd --create-home --groups adm,sudo --shell /bin/bash ballast
mkdir -p "$root/usr/share/lynis" "$root/etc/lynis"
cp -a /usr/share/lynis/. "$root/usr/share/lynis/"
cp -a /etc/lynis/. "$root/etc/lynis/"
cp /usr/sbin/lynis "$root/usr/sbin/"
start_systemd default.target
