#!/bin/bash
# Updates are on, come from security alone, hold back the servers' packages, and nothing restarts the servers.
source "$(dirname -- "${BASH_SOURCE[0]}")/../lib.sh"

SERVERS=(postgresql@17-main.service pgbouncer.service docker.service containerd.service)

configuration=$(apt-config dump)

expect_setting() {
  grep -qxF -- "$1" <<<"$configuration" || finding "apt lacks: $1"
}

# The units of the arguments that needrestart would restart.
restarted() {
  perl -e '
    our %nrconf = (override_rc => {});
    do $_ or die "$_: $@ $!" for glob "/etc/needrestart/conf.d/*.conf";
    for my $unit (@ARGV) {
      my ($choice) = map { $nrconf{override_rc}{$_} } grep { $unit =~ /$_/ } keys %{$nrconf{override_rc}};
      print "$unit\n" if $choice // 1;
    }
  ' "$@"
}

expect_setting 'APT::Periodic::Update-Package-Lists "always";'
expect_setting 'APT::Periodic::Unattended-Upgrade "always";'
grep -q '^Unattended-Upgrade::Package-Blacklist:: "postgresql-";' <<<"$configuration" ||
  finding 'apt would update PostgreSQL by itself'
if grep '^Unattended-Upgrade::\(Origins-Pattern\|Allowed-Origins\):: ' <<<"$configuration" | grep -vi security; then
  finding 'updates that are no security updates, listed above, would install themselves'
fi

while IFS= read -r unit; do
  finding "needrestart would restart $unit"
done < <(restarted "${SERVERS[@]}")
for unit in "${SERVERS[@]}"; do
  if BALLAST_UNATTENDED=yes /usr/sbin/policy-rc.d "$unit" restart; then
    finding "an unattended update may restart $unit"
  fi
  /usr/sbin/policy-rc.d "$unit" restart || finding "a person's update may not restart $unit"
done

expect_unit apt-daily.timer masked
expect_unit apt-daily-upgrade.timer enabled
conclude
