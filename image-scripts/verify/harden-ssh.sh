#!/bin/bash
# What the SSH server would do, as it says itself.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

load_settings
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# The image has no host key; the server refuses to read its settings without one.
ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
mkdir -p /run/sshd
effective=$(/usr/sbin/sshd -T -o "HostKey=$scratch/key" -C user=root,host=x,addr=203.0.113.7)

expect_setting() {
  grep -qx -- "$1" <<<"$effective" || finding "sshd would not say '$1'"
}

refuse_algorithm() {
  if grep -E "^($1) .*($2)" <<<"$effective"; then finding "sshd offers algorithms of which $2 are too weak, above"; fi
}

expect_setting "port $SSH_PORT"
expect_setting 'permitrootlogin no'
expect_setting 'authenticationmethods publickey'
expect_setting 'passwordauthentication no'
expect_setting 'kbdinteractiveauthentication no'
expect_setting 'permitemptypasswords no'
expect_setting 'permituserenvironment no'
expect_setting 'x11forwarding no'
refuse_algorithm 'kexalgorithms' 'diffie-hellman|ecdh-'
refuse_algorithm 'ciphers' 'cbc|3des'
refuse_algorithm 'macs' 'sha1|umac-64'
[[ $(readlink /etc/systemd/system-generators/systemd-ssh-generator) == /dev/null ]] ||
  finding 'systemd offers SSH to the hypervisor and to local users'
expect_unit ssh.service enabled
conclude
