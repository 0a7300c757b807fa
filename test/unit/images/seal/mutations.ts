import { createHash } from 'node:crypto'
import type { Planted } from './plant.ts'

/** One thing that would break the seal, and the check that must find it. */
export type Mutation = Planted & { check: string }

/** As random as a key, and the same at every run. */
const random = createHash('sha512').update('ballast').digest()
const base64 = random.toString('base64')
const hex = random.toString('hex').slice(0, 64)
const pem = `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`
const encrypted = `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,${hex}\n\n${base64}\n`
const padding = Buffer.alloc(3 * 1024 * 1024 - 40, 'x\n')

function all(check: string, paths: readonly string[], content = 'left behind\n'): Mutation[] {
  return paths.map((path) => ({ check, path, content }))
}

function texts(check: string, contents: readonly string[]): Mutation[] {
  return contents.map((content) => ({ check, path: '/etc/app.conf', content }))
}

/** At least one for every check: whatever people and bakes leave, in the places where they leave it. */
export const mutations: readonly Mutation[] = [
  ...all('ssh-host-keys', ['/etc/ssh/ssh_host_ed25519_key', '/etc/ssh/ssh_host_rsa_key.pub'], pem),
  { check: 'machine-id', path: '/etc/machine-id', content: `${hex.slice(0, 32)}\n` },
  { check: 'machine-id', path: '/etc/machine-id', content: 'uninitialized\n' },
  { check: 'machine-id', path: '/etc/machine-id', removed: true },
  { check: 'dbus-machine-id', path: '/var/lib/dbus/machine-id', content: `${hex.slice(0, 32)}\n` },
  { check: 'dbus-machine-id', path: '/var/lib/dbus/machine-id', target: '/var/lib/other-id' },
  ...all('random-seed', ['/var/lib/systemd/random-seed', '/boot/efi/loader/random-seed']),
  ...all('systemd-credential-secret', ['/var/lib/systemd/credential.secret']),
  { check: 'hostname', path: '/etc/hostname', content: 'packer-builder\n' },
  { check: 'hosts', path: '/etc/hosts', content: '127.0.0.1 localhost\n127.0.1.1 builder.example.com builder\n' },
  ...all('device-names', ['/etc/udev/rules.d/70-persistent-net.rules', '/etc/systemd/network/10-eth0.link']),
  ...all('storage-initiator', ['/etc/iscsi/initiatorname.iscsi', '/etc/nvme/hostnqn', '/etc/nvme/hostid']),
  ...all('application-ids', ['/var/lib/NetworkManager/secret_key', '/var/lib/ubuntu-advantage/private/machine-token.json']),
  { check: 'cloud-init-state', path: '/var/lib/cloud/instances/i-0123', directory: true },
  ...all('cloud-init-state', ['/var/lib/cloud/data/instance-id', '/var/lib/cloud/seed/nocloud/user-data']),
  ...all('cloud-init-logs', ['/var/log/cloud-init.log', '/var/log/cloud-init-output.log']),
  ...all('cloud-init-network', ['/etc/netplan/50-cloud-init.yaml', '/etc/network/interfaces.d/50-cloud-init']),
  ...all('cloud-init-access', ['/etc/sudoers.d/90-cloud-init-users', '/etc/ssh/sshd_config.d/50-cloud-init.conf']),
  ...all('dhcp-leases', ['/var/lib/dhcp/dhclient.eth0.leases', '/var/lib/dhcpcd/eth0.lease', '/var/lib/systemd/network/lease']),
  ...all('packer-leftovers', ['/root/packer-provisioner', '/home/admin/script_4711.sh', '/etc/.vbox_version']),
  {
    check: 'build-accounts',
    path: '/etc/passwd',
    content: 'root:x:0:0::/root:/bin/bash\npacker:x:1000:1000::/home/packer:/bin/sh\n',
  },
  ...all('shell-histories', [
    '/root/.bash_history',
    '/home/ballast/.psql_history',
    '/root/.lesshst',
    '/var/lib/postgresql/.psql_history',
  ]),
  ...all('package-lists', ['/var/lib/apt/lists/deb.example.com_dists_trixie_InRelease']),
  ...all('package-cache', ['/var/cache/apt/archives/libc6_2.41-12_amd64.deb', '/var/cache/apt/pkgcache.bin']),
  { check: 'journal', path: `/var/log/journal/${hex.slice(0, 32)}`, directory: true },
  ...all('journal', ['/var/log/journal/system.journal']),
  ...all('logs', ['/var/log/dpkg.log', '/var/log/postgresql/postgresql-17-main.log', '/var/log/wtmp']),
  ...all('temporary-files', ['/tmp/ballast/image-scripts/lib.sh', '/var/tmp/x']),
  ...all('core-dumps', [
    '/var/crash/_usr_bin_postgres.crash',
    '/var/lib/systemd/coredump/core.postgres.zst',
    '/root/core.4711',
  ]),
  ...all('mail', ['/var/mail/root', '/var/spool/mail/postgres']),
  ...all('timer-stamps', ['/var/lib/systemd/timers/stamp-fstrim.timer', '/var/lib/apt/periodic/update-success-stamp']),
  ...all('account-backups', ['/etc/shadow-', '/etc/passwd-'], 'root:!:20000::::::\n'),
  ...all('authorized-keys', ['/root/.ssh/authorized_keys', '/var/lib/postgresql/.ssh/id_ed25519', '/srv/authorized_keys2']),
  ...all('ballast-secrets', ['/etc/ballast/secrets/replication-password', '/etc/ballast/tls/server.key']),
  ...all('node-settings', ['/etc/ballast/node.env', '/var/lib/ballast/first-boot-done']),
  ...all('postgres-data', ['/var/lib/postgresql/17/main/global/1213', '/srv/data/PG_VERSION', '/srv/data/global/pg_control']),
  ...all('pgbouncer-users', ['/etc/pgbouncer/userlist.txt']),
  ...all('password-files', ['/root/.pgpass', '/home/ballast/.netrc', '/srv/app/.git-credentials']),
  ...all('cloud-credentials', ['/root/.aws/credentials', '/root/.kube/config', '/etc/apt/auth.conf.d/esm.conf']),
  ...all('docker-logins', ['/root/.docker/config.json', '/home/ballast/.dockercfg']),
  ...all('docker-state', ['/var/lib/docker/volumes/metadata.db', '/var/lib/containerd/x/meta.db', '/etc/docker/key.json']),
  { check: 'application-ids', path: '/var/lib/docker/engine-id', content: hex },
  ...all('key-stores', ['/etc/ssl/private/server.der', '/opt/app/store.p12', '/root/.gnupg/private-keys-v1.d/0A.key']),
  { check: 'passwords', path: '/etc/shadow', content: `root:$y$j9T$${base64}:20000::::::\n` },
  { check: 'passwords', path: '/etc/shadow', content: `root:!$6$salt$${base64}:20000::::::\n` },
  { check: 'passwords', path: '/etc/shadow', content: 'root:!:20000::::::\nsupport::20000::::::\n' },
  { check: 'passwords', path: '/etc/gshadow', content: `sudo:$6$salt$${base64}::\n` },
  { check: 'sudo-without-password', path: '/etc/sudoers.d/admin', content: 'admin ALL=(ALL) NOPASSWD:ALL\n' },
  { check: 'debconf-passwords', path: '/var/cache/debconf/passwords.dat', content: 'Name: app/password\nValue: pa55\n' },
  { check: 'set-id-programs', path: '/usr/local/bin/helper', content: '#!/bin/sh\n', mode: 0o4755 },
  { check: 'set-id-programs', path: '/usr/bin/new-tool', content: '#!/bin/sh\n', mode: 0o2755 },
  { check: 'world-writable', path: '/etc/cron.daily/job', content: '#!/bin/sh\n', mode: 0o777 },
  { check: 'world-writable', path: '/srv/shared', directory: true, mode: 0o777 },
  { check: 'private-keys', path: '/usr/share/app/server.crt', content: pem },
  { check: 'private-keys', path: '/etc/app.conf', content: encrypted },
  { check: 'private-keys', path: '/opt/app/bin/app', content: Buffer.concat([Buffer.from([0, 1]), padding, Buffer.from(pem)]) },
  ...texts('tokens', [
    'key=AKIAIOSFODNN7EXAMPLE\n',
    `aws_secret_access_key = ${base64.slice(0, 40)}\n`,
    `token: ghp_${hex.slice(0, 36)}\n`,
    `glpat-${hex.slice(0, 20)}\n`,
    `xoxb-${hex.slice(0, 12)}-abc\n`,
    'https://hooks.slack.com/services/T000/B000/xyz\n',
    `sk_live_${hex.slice(0, 24)}\n`,
    `AIza${hex.slice(0, 35)}\n`,
    `dop_v1_${hex}\n`,
    `DefaultEndpointsProtocol=https;AccountKey=${base64}\n`,
    `npm_${hex.slice(0, 36)}\n`,
    `AGE-SECRET-KEY-1${'Q'.repeat(58)}\n`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${hex.slice(0, 43)}\n`,
  ]),
  ...texts('password-verifiers', [
    "ALTER ROLE app PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy';\n",
    `"app" "md5${hex.slice(0, 32)}"\n`,
    `admin:$2y$05$${hex.slice(0, 53)}\n`,
  ]),
  ...texts('connection-passwords', [
    'DATABASE_URL=postgres://app:pa55word@10.0.0.11:6432/shop\n',
    'REDIS_URL=redis://default:pa55word@redis:6379\n',
    "primary_conninfo = 'host=10.0.0.11 user=ballast_replication password=pa55word'\n",
  ]),
  ...texts('high-entropy', [`secret_key_base = ${hex}\n`, `SESSION=${base64}\n`, `{"token":"${hex.slice(0, 40)}"}\n`]),
  { check: 'high-entropy', path: '/srv/production/.env', content: `RAILS_MASTER_KEY=${hex.slice(0, 32)}\n` },
]
