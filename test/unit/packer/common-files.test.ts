// biome-ignore-all lint/suspicious/noTemplateCurlyInString: apt prints the names that unattended-upgrades fills in.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type ClusterInput, defineCluster } from '../../../config/index.ts'
import { commonFiles } from '../../../packer/files/common.ts'
import { IMAGE_ROLES, type ImageRole } from '../../../packer/roles.ts'
import { type Changes, changed, sample } from '../config/sample.ts'

const key = `ssh-ed25519 ${'A'.repeat(68)} ana`

function files(changes: Changes = {}, role: ImageRole = 'primary'): Record<string, string> {
  const cluster = defineCluster(changed(sample, changes) as unknown as ClusterInput)
  return Object.fromEntries(commonFiles(cluster, role).map(({ path, content }) => [path, content]))
}

/** Every setting that apt itself reads, the file after those of the distribution, as `apt-config dump` prints it. */
function aptSettings(content: string | undefined): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-apt-'))
  try {
    writeFileSync(join(directory, '50unattended-upgrades'), 'Unattended-Upgrade::Origins-Pattern { "origin=*"; };\n')
    writeFileSync(join(directory, '60ballast'), content ?? '')
    const root = join(directory, 'apt.conf')
    writeFileSync(root, `Dir::Etc::parts "${directory}";\n`)
    const env = { PATH: '/usr/bin:/bin', APT_CONFIG: root }
    return execFileSync('apt-config', ['dump'], { env, encoding: 'utf8' }).split('\n')
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const aptFile = '/etc/apt/apt.conf.d/60ballast'
const timerFile = '/etc/systemd/system/apt-daily-upgrade.timer.d/ballast.conf'
const exporterFile = '/etc/default/prometheus-node-exporter'
const chronyFile = '/etc/chrony/chrony.conf'

test.each(IMAGE_ROLES)('apt reads that %s takes security updates alone, and none of the servers', (role) => {
  const said = aptSettings(files({}, role)[aptFile])
  expect(said.filter((line) => /^Unattended-Upgrade::(Origins-Pattern|Allowed-Origins)::/.test(line))).toEqual([
    'Unattended-Upgrade::Origins-Pattern:: "origin=Debian,codename=${distro_codename}-security,label=Debian-Security";',
  ])
  expect(said).toEqual(
    expect.arrayContaining([
      'APT::Periodic::Update-Package-Lists "always";',
      'APT::Periodic::Unattended-Upgrade "always";',
      'Unattended-Upgrade::Automatic-Reboot "false";',
      ...['postgresql-', 'pgbouncer', 'docker', 'containerd', 'runc'].map(
        (name) => `Unattended-Upgrade::Package-Blacklist:: "${name}";`,
      ),
    ]),
  )
})

test('Ubuntu takes its own security updates', () => {
  const changes = { 'images.base': 'ubuntu-24.04', 'postgres.version': 16 }
  expect(aptSettings(files(changes, 'docker')[aptFile])).toContain(
    'Unattended-Upgrade::Origins-Pattern:: "origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu";',
  )
})

test('only the docker node reboots for an update, and only where the definition says so', () => {
  const reboots = (role: ImageRole) =>
    aptSettings(files({ 'images.rebootDocker': true }, role)[aptFile]).includes('Unattended-Upgrade::Automatic-Reboot "true";')
  expect(IMAGE_ROLES.map((role) => [role, reboots(role)])).toEqual([
    ['docker', true],
    ['primary', false],
    ['replica', false],
  ])
})

test("updates come at the definition's time, in its zone", () => {
  const timer = files({ 'images.securityUpdates': 'weekly on sunday at 02:30', timeZone: 'America/Sao_Paulo' })[timerFile]
  expect(timer).toContain('\nOnCalendar=\nOnCalendar=Sun *-*-* 02:30:00 America/Sao_Paulo\n')
})

test("SSH listens at the definition's port, and its keys come beside those of the seed", () => {
  expect(files({ 'firewall.sshPort': 2222 })['/etc/ssh/sshd_config.d/05-ballast-port.conf']).toBe('Port 2222\n')
  expect(Object.keys(files()).filter((path) => path.includes('authorized_keys'))).toEqual([])
  const withKeys = files({ 'images.firstBoot.adminKeys': [key] })
  expect(withKeys['/etc/ssh/authorized_keys.d/admin']).toBe(`${key}\n`)
  expect(withKeys['/etc/ssh/sshd_config.d/06-ballast-keys.conf']).toBe(
    'AuthorizedKeysFile .ssh/authorized_keys /etc/ssh/authorized_keys.d/%u\n',
  )
})

test("chrony asks the definition's servers alone, the distribution's where there are none, and serves nobody", () => {
  const own = files({ 'images.firstBoot.ntpServers': ['a.st1.ntp.br', 'b.st1.ntp.br'] })[chronyFile] ?? ''
  expect(own.match(/^(?:server|pool) .*$/gm)).toEqual(['server a.st1.ntp.br iburst', 'server b.st1.ntp.br iburst'])
  expect((files()[chronyFile] ?? '').match(/^(?:server|pool) .*$/gm)).toEqual(['pool 2.debian.pool.ntp.org iburst'])
  expect(own).toMatch(/^port 0\ncmdport 0$/m)
})

test('a locale that not every system has is made in the image', () => {
  expect(files()['/etc/default/locale']).toBe('LANG=C.UTF-8\n')
  expect(files()).not.toHaveProperty(['/etc/locale.gen'])
  const brazilian = files({ 'images.firstBoot.locale': 'pt_BR.UTF-8' })
  expect(brazilian['/etc/default/locale']).toBe('LANG=pt_BR.UTF-8\n')
  expect(brazilian['/etc/locale.gen']).toBe('pt_BR.UTF-8 UTF-8\n')
})

test('the exporter is on loopback until a network may scrape it', () => {
  expect(files()[exporterFile]).toBe('ARGS="--web.listen-address=127.0.0.1:9100"\n')
  expect(files({ 'firewall.monitor': ['10.0.0.20/32'] })[exporterFile]).toBe('ARGS="--web.listen-address=:9100"\n')
})
