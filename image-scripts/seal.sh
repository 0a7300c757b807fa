#!/bin/bash
# Removes everything that is this machine's own or a secret: what boots from the image makes its own.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# What writes while the machine shuts down would leave traces behind the seal.
quiet_services() {
  local unit=systemd-random-seed.service
  mkdir -p "/run/systemd/system/$unit.d" /run/systemd/journald.conf.d
  printf '[Service]\nExecStop=\n' >"/run/systemd/system/$unit.d/seal.conf"
  printf '[Journal]\nStorage=volatile\n' >/run/systemd/journald.conf.d/zz-seal.conf
  systemctl daemon-reload
  systemctl stop apt-daily-upgrade.timer unattended-upgrades.service chrony.service
  journalctl --relinquish-var --quiet
  systemctl restart systemd-journald.service
}

# Who this machine is.
forget_identity() {
  rm -f /etc/ssh/ssh_host_*
  rm -f /var/lib/systemd/random-seed /var/lib/systemd/credential.secret /boot/efi/loader/random-seed
  rm -f /etc/udev/rules.d/70-persistent-*.rules
  rm -f /etc/iscsi/initiatorname.iscsi
  # Empty, not absent or `uninitialized`: that would be a first boot, at which systemd enables what the image disables.
  : >/etc/machine-id
  rm -f /var/lib/dbus/machine-id
  ln -s /etc/machine-id /var/lib/dbus/machine-id
  echo localhost >/etc/hostname
  printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\nff02::2 ip6-allrouters\n' >/etc/hosts
}

# Who may come in, and with what.
forget_credentials() {
  local home
  while IFS=: read -r _ _ _ _ _ home _; do
    if [[ -d $home ]]; then rm -rf -- "$home"/.{ssh,pgpass,docker,aws,netrc,gnupg}; fi
  done </etc/passwd
  # A hash that is locked is still a hash, and an empty one needs no password.
  sed -i -E 's/^([^:]+):([^:]*[^:!*][^:]*)?:/\1:!:/' /etc/shadow /etc/gshadow
  rm -f /etc/{passwd,shadow,group,gshadow,subuid,subgid}-
  rm -f /etc/sudoers.d/90-cloud-init-users
  rm -f /etc/ssl/private/ssl-cert-snakeoil.key /etc/ssl/certs/ssl-cert-snakeoil.pem
  find /etc/ssl/certs -xtype l -delete
  rm -rf /etc/ballast/secrets /etc/ballast/node.env /etc/ballast/tls /etc/pgbouncer/userlist.txt
  rm -f /var/cache/debconf/passwords.dat /var/cache/debconf/*-old
}

# What services have made for this machine alone.
forget_state() {
  if booted; then systemctl stop docker.socket docker.service containerd.service 2>/dev/null || true; fi
  rm -rf /var/lib/docker/* /var/lib/containerd/* /etc/docker/key.json /var/lib/ballast/*
  rm -f /var/lib/chrony/* /var/lib/systemd/timers/* /var/lib/systemd/timesync/clock
  rm -f /var/lib/unattended-upgrades/* /var/lib/apt/periodic/* /var/lib/logrotate/status
}

# What the cloud or the seed of the bake said.
forget_cloud() {
  if command -v cloud-init >/dev/null; then cloud-init clean --logs --seed; fi
  rm -rf /var/lib/cloud/* /run/cloud-init
  rm -f /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init /etc/ssh/sshd_config.d/50-cloud-init.conf
  rm -f /etc/systemd/network/*-cloud-init*.network /run/systemd/network/*
  rm -f /var/lib/dhcp/* /var/lib/dhcpcd/* /var/lib/NetworkManager/*.lease /var/lib/systemd/network/*
}

# What happened here.
forget_history() {
  find /root /home -name '.*_history' -delete
  rm -f /root/.wget-hsts /root/.lesshst /root/.viminfo /root/.selected_editor
  rm -rf /root/.cache /root/.local /root/.config
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/cache/man/* /var/backups/*
  rm -rf /var/log/journal/* /var/crash/* /var/lib/systemd/coredump/* /var/mail/* /var/spool/mail/*
  # The directories of logs belong to services, and stay.
  find /var/log -type f -delete
  find /tmp /var/tmp -mindepth 1 -maxdepth 1 ! -path "$STAGE" -exec rm -rf -- {} +
}

if booted; then quiet_services; fi
forget_identity
forget_credentials
forget_state
forget_cloud
forget_history
