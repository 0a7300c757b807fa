#!/bin/bash
# Hardens what belongs to packages, once everything is in its place. docs/hardening.md says what is not done, and why.
source "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# set_default NAME VALUE: the one line of /etc/login.defs that has the name.
set_default() {
  sed -i -E "/^\s*$1\s/d" /etc/login.defs
  printf '%s %s\n' "$1" "$2" >>/etc/login.defs
}

# Passwords are not in use; whoever gives an account one after all gets these. They do not grow old (PASS_MAX_DAYS): an account
# whose password has expired cannot log in with a key either.
set_default UMASK 027
set_default PASS_MIN_DAYS 1
set_default ENCRYPT_METHOD YESCRYPT
set_default SHA_CRYPT_MIN_ROUNDS 65536
set_default SHA_CRYPT_MAX_ROUNDS 65536

# The homes of accounts are not for everybody.
while IFS=: read -r _ _ uid _ _ home shell; do
  if [[ -d $home && $home != / && ($uid -ge 1000 || $shell == */bash) ]]; then chmod o-rwx,g-w -- "$home"; fi
done </etc/passwd

# Jobs run as root: nobody else has to see them.
for directory in /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly; do
  if [[ -d $directory ]]; then chmod 700 "$directory"; fi
done
