import type { Planted } from './plant.ts'

const certificate = `-----BEGIN CERTIFICATE-----\n${'MIIBszCCAVmgAwIBAgIUTqZ4Xc8ZKdQ7vF3bKq9mP2xLw0swCgYIKoZIzj0EAwIw\n'.repeat(4)}-----END CERTIFICATE-----\n`

/** A program that reads keys holds the lines around them. */
const program = Buffer.concat([
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 0]),
  Buffer.from('-----BEGIN RSA PRIVATE KEY-----\0-----BEGIN PRIVATE KEY-----\n\0-----END PRIVATE KEY-----\0'),
  Buffer.from('postgres://user:password@host/ AKIAIOSFODNN7EXAMPLE SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVk:c2VydmVy\0'),
])

/** A small tree with everything that looks suspicious and is not: a sealed image has all of it. */
export const sealedTree: readonly Planted[] = [
  { path: '/etc/machine-id' },
  { path: '/var/lib/dbus/machine-id', target: '/etc/machine-id' },
  { path: '/etc/hostname', content: 'localhost\n' },
  { path: '/etc/hosts', content: '127.0.0.1 localhost # not a name\n::1 localhost ip6-localhost ip6-loopback\n' },
  { path: '/etc/passwd', content: 'root:x:0:0:root:/root:/bin/bash\npostgres:x:101:102::/var/lib/postgresql:/bin/bash\n' },
  {
    path: '/etc/shadow',
    content: 'root:!:20000:0:99999:7:::\npostgres:!*:20000::::::\nnobody:*:20000:0:99999:7:::\n',
    mode: 0o640,
  },
  { path: '/etc/gshadow', content: 'root:*::\nsudo:!::\n', mode: 0o640 },
  { path: '/etc/sudoers', content: '# %sudo ALL=(ALL) NOPASSWD: ALL\n%sudo ALL=(ALL:ALL) ALL\n', mode: 0o440 },
  { path: '/etc/ssl/certs/ca-certificates.crt', content: certificate },
  { path: '/etc/ssl/private', directory: true, mode: 0o710 },
  { path: '/etc/ssh/ssh_config', content: 'Host *\n' },
  {
    path: '/etc/ssh/authorized_keys.d/admin',
    content: `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA${'Kq9mP2xLw0sT7vF3b'.repeat(2)} ana\n`,
  },
  { path: '/etc/ballast/image.env', content: `DEFINITION_SHA256='${'0a1b2c3d4e5f6978'.repeat(4)}'\nPG_VERSION='17'\n` },
  { path: '/etc/postgresql/17/main/pg_hba.conf', content: 'local all all peer\nhost all all 10.0.0.0/8 scram-sha-256\n' },
  { path: '/etc/app.conf', content: 'url = postgres://app@10.0.0.10/shop\npassword_file = /etc/ballast/secrets/app\n' },
  { path: '/usr/bin/passwd', content: program, mode: 0o4755 },
  { path: '/opt/app/bin/app', content: program, mode: 0o755 },
  { path: '/usr/lib/python3/test.pem', content: certificate },
  { path: '/usr/share/doc/example', content: 'AKIAIOSFODNN7EXAMPLE postgres://user:password@host/\n' },
  { path: '/etc/systemd/system/multi-user.target.wants/ssh.service', target: '/usr/lib/systemd/system/ssh.service' },
  { path: '/var/log/postgresql', directory: true },
  { path: '/var/log/btmp', mode: 0o660 },
  { path: '/var/lib/apt/lists/lock', mode: 0o640 },
  { path: '/var/lib/cloud', directory: true },
  { path: '/var/lib/postgresql/.profile', content: 'umask 077\n' },
  { path: '/var/lib/docker', directory: true, mode: 0o710 },
  { path: '/tmp', directory: true, mode: 0o1777 },
  { path: '/var/tmp', directory: true, mode: 0o1777 },
  { path: '/proc/1', directory: true, mode: 0o777 },
  { path: '/run/secrets', content: 'gone when the machine is off\n', mode: 0o666 },
]
