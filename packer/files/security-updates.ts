// biome-ignore-all lint/suspicious/noTemplateCurlyInString: unattended-upgrades fills the names in.
import type { Cluster } from '../../config/index.ts'
import { onCalendar } from '../../config/on-calendar.ts'
import type { RoleFile } from '../role-file.ts'
import type { ImageRole } from '../roles.ts'
import { isDatabase } from '../roles.ts'

/**
 * What a person updates, at a time that suits the application: a new version of these is a restart of it. Patterns are
 * regular expressions from the start of a package's name.
 */
const HELD_BACK = ['postgresql-', 'pgbouncer', 'docker', 'containerd', 'runc', 'moby-']

/** Unattended security updates: where they come from, when, and whether the machine may reboot for them. */
export function securityUpdateFiles(cluster: Cluster, role: ImageRole): RoleFile[] {
  return [
    { path: '/etc/apt/apt.conf.d/60ballast', content: aptSettings(cluster, role) },
    { path: '/etc/systemd/system/apt-daily-upgrade.timer.d/ballast.conf', content: timerSettings(cluster) },
  ]
}

function aptSettings({ images }: Cluster, role: ImageRole): string {
  const reboots = !isDatabase(role) && images.rebootDocker
  return `// Security updates alone, at the time that apt-daily-upgrade.timer says; the lists of packages are read anew before each.
APT::Periodic::Enable "1";
APT::Periodic::Update-Package-Lists "always";
APT::Periodic::Unattended-Upgrade "always";
APT::Periodic::AutocleanInterval "7";

#clear Unattended-Upgrade::Allowed-Origins;
#clear Unattended-Upgrade::Origins-Pattern;
Unattended-Upgrade::Origins-Pattern {
${SECURITY_ORIGINS[images.base].map((origin) => `  "${origin}";`).join('\n')}
};

// A new version of these is a restart of the application: a person installs it, when it suits.
#clear Unattended-Upgrade::Package-Blacklist;
Unattended-Upgrade::Package-Blacklist {
${HELD_BACK.map((pattern) => `  "${pattern}";`).join('\n')}
};

// Settings that an image changed are kept where a package brings new ones.
Dpkg::Options {
  "--force-confdef";
  "--force-confold";
};
Unattended-Upgrade::MinimalSteps "true";
Unattended-Upgrade::Remove-Unused-Kernel-Packages "true";
Unattended-Upgrade::Automatic-Reboot "${reboots}";
Unattended-Upgrade::Automatic-Reboot-WithUsers "${reboots}";
`
}

/** unattended-upgrades puts in the release's code name. */
const SECURITY_ORIGINS: Record<Cluster['images']['base'], readonly string[]> = {
  'debian-13': ['origin=Debian,codename=${distro_codename}-security,label=Debian-Security'],
  'ubuntu-24.04': [
    'origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu',
    'origin=UbuntuESMApps,archive=${distro_codename}-apps-security,label=UbuntuESMApps',
    'origin=UbuntuESM,archive=${distro_codename}-infra-security,label=UbuntuESM',
  ],
}

function timerSettings({ images, timeZone }: Cluster): string {
  return `# ${images.securityUpdates.text} (${timeZone}), and not on every node in the same minute.
[Timer]
OnCalendar=
OnCalendar=${onCalendar(images.securityUpdates, timeZone)}
RandomizedDelaySec=15min
Persistent=yes
`
}
