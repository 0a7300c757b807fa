import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const common = fileURLToPath(new URL('../../../image-scripts/root/common', import.meta.url))
const exporter = join(common, 'etc/systemd/system/prometheus-node-exporter.service')
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/** How exposed a unit is by systemd's own measure, from 0 to 10, without starting it. */
function exposure(unit: string): number {
  const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', unit], { env, encoding: 'utf8' })
  return Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1])
}

test('the node exporter is sandboxed: an exposure of at most 2.0', () => {
  expect(exposure(exporter)).toBeLessThanOrEqual(2)
})

test('it is its sandbox that does it', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-unit-'))
  try {
    const bare = join(directory, 'prometheus-node-exporter.service')
    const lines = readFileSync(exporter, 'utf8').split('\n')
    writeFileSync(bare, lines.filter((line) => !/^(Protect|Private|Restrict|SystemCall|Capability)/.test(line)).join('\n'))
    expect(exposure(bare)).toBeGreaterThan(5)
  } finally {
    rmSync(directory, { recursive: true })
  }
})

/** What a package's script is told when it asks whether it may do something to a service: 0 yes, 101 no. */
function policy(args: readonly string[], unattended: boolean): number | null {
  const asked = { ...env, ...(unattended ? { BALLAST_UNATTENDED: 'yes' } : {}) }
  return spawnSync(join(common, 'usr/sbin/policy-rc.d'), args, { env: asked }).status
}

const servers = [
  'postgresql',
  'postgresql@17-main.service',
  'pgbouncer.service',
  'docker',
  'docker.socket',
  'containerd.service',
]
const others = ['ssh.service', 'chrony', 'prometheus-postgres-exporter.service', 'systemd-journald.service']

test.each(['stop', 'restart', 'try-restart', 'force-reload', '(start) restart'])(
  'an unattended update may not %s a server',
  (action) => {
    for (const unit of servers) expect([unit, policy([unit, action, '5'], true)]).toEqual([unit, 101])
    for (const unit of servers) expect([unit, policy(['--quiet', unit, action], true)]).toEqual([unit, 101])
    for (const unit of others) expect([unit, policy([unit, action], true)]).toEqual([unit, 0])
  },
)

test.each(['start', 'reload'])('an unattended update may %s a server', (action) => {
  for (const unit of servers) expect([unit, policy([unit, action], true)]).toEqual([unit, 0])
})

test("a person's update may do everything", () => {
  for (const unit of [...servers, ...others]) expect([unit, policy([unit, 'restart'], false)]).toEqual([unit, 0])
})

/** The units that needrestart would restart, as its own language reads the settings. */
function restarted(units: readonly string[]): string[] {
  const settings = join(common, 'etc/needrestart/conf.d/ballast.conf')
  const script = `
    our %nrconf = (override_rc => {}); do $ARGV[0] or die "$@ $!"; shift;
    die "restarts nothing" unless $nrconf{restart} eq 'a';
    for my $unit (@ARGV) {
      my ($choice) = map { $nrconf{override_rc}{$_} } grep { $unit =~ /$_/ } keys %{$nrconf{override_rc}};
      print "$unit\\n" if $choice // 1;
    }`
  const { stdout, stderr } = spawnSync('perl', ['-e', script, settings, ...units], { env, encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.split('\n').filter(Boolean)
}

test('needrestart restarts what uses an updated library, but no server', () => {
  expect(restarted([...servers, ...others])).toEqual(others)
})
