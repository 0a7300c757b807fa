import { type ImageRole, isDatabase } from '../../../packer/roles.ts'

/** A way to undo what a step of the bake did. */
export interface Spoiler {
  /** The step whose check has to notice. */
  verb: string
  what: string
  /** The one path that it changes, or makes. */
  path: string
  /** Shell text. */
  spoil: string
  /** What the check then says, and did not say before. */
  finds: RegExp
}

const unit = '/etc/systemd/system/prometheus-node-exporter.service'

/** At least one for every check that all roles have. */
export function spoilers(role: ImageRole): Spoiler[] {
  const forward = isDatabase(role) ? 1 : 0
  return [
    {
      ...{ verb: 'install-packages', what: 'a package is gone', path: '/var/lib/dpkg/status' },
      spoil: `perl -0pi -e 's/(Package: chrony\\nStatus: )install ok installed/$1deinstall ok config-files/' /var/lib/dpkg/status`,
      finds: /^package chrony is not installed$/m,
    },
    {
      ...{ verb: 'install-packages', what: 'a package is half-installed', path: '/var/lib/dpkg/status' },
      spoil: `perl -0pi -e 's/(Package: chrony\\nStatus: install ok )installed/$1half-configured/' /var/lib/dpkg/status`,
      finds: /^dpkg --audit: .*chrony/m,
    },
    {
      ...{ verb: 'install-files', what: 'a file was changed', path: '/etc/issue' },
      spoil: 'echo changed >> /etc/issue',
      finds: /^\/etc\/issue differs from /m,
    },
    {
      ...{ verb: 'install-files', what: 'a file has another mode', path: '/etc/issue' },
      spoil: 'chmod 666 /etc/issue',
      finds: /^\/etc\/issue is root:root 666, not root:root 644$/m,
    },
    {
      ...{
        verb: 'set-security-updates',
        what: 'needrestart may restart servers',
        path: '/etc/needrestart/conf.d/ballast.conf',
      },
      spoil: 'sed -i /postgresql/d /etc/needrestart/conf.d/ballast.conf',
      finds: /^needrestart would restart postgresql@17-main\.service$/m,
    },
    {
      ...{ verb: 'set-security-updates', what: "packages' scripts may restart servers", path: '/usr/sbin/policy-rc.d' },
      spoil: String.raw`printf '#!/bin/sh\nexit 0\n' > /usr/sbin/policy-rc.d`,
      finds: /^an unattended update may restart docker\.service$/m,
    },
    {
      ...{ verb: 'set-security-updates', what: 'all updates come by themselves', path: '/etc/apt/apt.conf.d/99more' },
      spoil: `echo 'Unattended-Upgrade::Origins-Pattern:: "origin=*";' > /etc/apt/apt.conf.d/99more`,
      finds: /^updates that are no security updates/m,
    },
    {
      ...{ verb: 'set-security-updates', what: 'PostgreSQL is updated by itself', path: '/etc/apt/apt.conf.d/60ballast' },
      spoil: 'sed -i /postgresql-/d /etc/apt/apt.conf.d/60ballast',
      finds: /^apt would update PostgreSQL by itself$/m,
    },
    {
      ...{ verb: 'set-security-updates', what: 'updates are off', path: '/etc/systemd/system/apt-daily-upgrade.timer' },
      spoil: 'ln -s /dev/null /etc/systemd/system/apt-daily-upgrade.timer',
      finds: /^apt-daily-upgrade\.timer is 'masked', not 'enabled'$/m,
    },
    {
      ...{ verb: 'harden-ssh', what: 'passwords are let in', path: '/etc/ssh/sshd_config.d/00-own.conf' },
      spoil: String.raw`printf 'PasswordAuthentication yes\nAuthenticationMethods any\n' > /etc/ssh/sshd_config.d/00-own.conf`,
      finds: /^sshd would not say 'passwordauthentication no'$/m,
    },
    {
      ...{ verb: 'harden-ssh', what: 'root is let in', path: '/etc/ssh/sshd_config.d/00-own.conf' },
      spoil: 'echo PermitRootLogin yes > /etc/ssh/sshd_config.d/00-own.conf',
      finds: /^sshd would not say 'permitrootlogin no'$/m,
    },
    {
      ...{ verb: 'harden-ssh', what: 'the port is another one', path: '/etc/ssh/sshd_config.d/05-ballast-port.conf' },
      spoil: 'sed -i "s/^Port .*/Port 2022/" /etc/ssh/sshd_config.d/05-ballast-port.conf',
      finds: /^sshd would not say 'port 22'$/m,
    },
    {
      ...{ verb: 'harden-ssh', what: 'weak algorithms are offered', path: '/etc/ssh/sshd_config.d/00-own.conf' },
      spoil: 'echo MACs hmac-sha1 > /etc/ssh/sshd_config.d/00-own.conf',
      finds: /^sshd offers algorithms of which sha1\|umac-64 are too weak/m,
    },
    {
      ...{ verb: 'set-kernel', what: 'forwarding is not as the role needs it', path: '/etc/sysctl.d/99-own.conf' },
      spoil: `echo net.ipv4.ip_forward = ${forward} > /etc/sysctl.d/99-own.conf`,
      finds: /^net\.ipv4\.ip_forward is not \d in \/etc\/sysctl\.d$/m,
    },
    {
      ...{ verb: 'set-kernel', what: 'the kernel has another value', path: '/etc/sysctl.d/99-own.conf' },
      spoil: 'echo net.ipv4.tcp_keepalive_time = 4711 > /etc/sysctl.d/99-own.conf',
      finds: /^net\.ipv4\.tcp_keepalive_time is '60', not '4711'$/m,
    },
    {
      ...{ verb: 'set-kernel', what: 'a module that seeds need is blocked', path: '/etc/modprobe.d/own.conf' },
      spoil: 'echo install vfat /bin/true > /etc/modprobe.d/own.conf',
      finds: /^module vfat is blocked/m,
    },
    {
      ...{ verb: 'set-time', what: 'there is no time server', path: '/etc/chrony/chrony.conf' },
      spoil: "sed -i -E '/^(server|pool) /d' /etc/chrony/chrony.conf",
      finds: /^chrony has no time server$/m,
    },
    {
      ...{ verb: 'set-time', what: 'time is served to others', path: '/etc/chrony/chrony.conf' },
      spoil: 'sed -i "s/^port 0/port 123/" /etc/chrony/chrony.conf',
      finds: /^chrony would serve time to others$/m,
    },
    {
      ...{ verb: 'set-locale', what: 'the locale does not exist', path: '/etc/default/locale' },
      spoil: 'echo LANG=xx_XX.UTF-8 > /etc/default/locale',
      finds: /^locale 'xx_XX\.UTF-8' of \/etc\/default\/locale does not exist here/m,
    },
    {
      ...{ verb: 'limit-journal', what: 'logs are lost at a reboot', path: '/etc/systemd/journald.conf.d/zz.conf' },
      spoil: String.raw`printf '[Journal]\nStorage=volatile\n' > /etc/systemd/journald.conf.d/zz.conf`,
      finds: /^logs do not outlive a reboot$/m,
    },
    {
      ...{ verb: 'set-exporter', what: 'the exporter has left its sandbox', path: unit },
      spoil: `sed -i -E '/^(Protect|Restrict|SystemCall|Capability|Private)/d' ${unit}`,
      finds: /^too exposed: .*Overall exposure level for prometheus-node-exporter\.service/m,
    },
    {
      ...{ verb: 'set-exporter', what: 'systemd cannot read its unit', path: unit },
      spoil: `sed -i 's#^ExecStart=.*#ExecStart=/usr/bin/no-such-program#' ${unit}`,
      finds: /^systemd refuses \/etc\/systemd\/system\/prometheus-node-exporter\.service/m,
    },
    {
      ...{ verb: 'harden', what: 'a home is open to everybody', path: '/root' },
      spoil: 'chmod 755 /root',
      finds: /^everybody may look into \/root of root$/m,
    },
    {
      ...{ verb: 'harden', what: 'files are made for everybody', path: '/etc/login.defs' },
      spoil: 'sed -i "s/^UMASK .*/UMASK 022/" /etc/login.defs',
      finds: /^\/etc\/login\.defs does not say 'UMASK 027'$/m,
    },
    {
      ...{ verb: 'seal', what: 'there is a history', path: '/root/.bash_history' },
      spoil: 'echo secret > /root/.bash_history',
      finds: /^\/root\/\.bash_history is still there$/m,
    },
    {
      ...{ verb: 'seal', what: 'an account has a password', path: '/etc/shadow' },
      spoil: "sed -i 's/^root:[^:]*:/root:$y$j9T$x:/' /etc/shadow",
      finds: /^\/etc\/shadow has a password$/m,
    },
  ]
}
