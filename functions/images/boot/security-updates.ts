import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import type { BootedNode } from './scene.ts'
import { serverUnits } from './server-units.ts'

const withinMs = 10 * 60_000
const pollMs = 2_000

/**
 * Gives the machine security updates of a library that its servers use, and of a server's own package, lets it install them by
 * itself, and looks whether the servers went on: the library is updated, the server is not, and no server was started again.
 */
export async function checkSecurityUpdates({ cluster, node: { role }, shell }: BootedNode): Promise<LabFinding> {
  const { servers, library, held } = serverUnits(cluster, role)
  const script = await readFile(new URL('./guest/offer-updates.sh', import.meta.url), 'utf8')
  const before = await startsOf(shell, servers)
  const versions = await versionsOf(shell, [library, held])
  await shell.run(['bash', '-s', '--', library, held], { input: script, timeoutMs: withinMs })
  await runUpdates(shell)
  const after = await startsOf(shell, servers)
  const [libraryNow, heldNow] = await versionsOf(shell, [library, held])
  await shell.run(['rm', '-rf', '/srv/lab-updates', '/etc/apt/sources.list.d/lab.list'])
  const restarted = servers.filter((server) => before.get(server) !== after.get(server))
  const problems = [
    ...restarted.map((server) => `${server} was started again`),
    ...(libraryNow === versions[0] ? [`${library} was not updated`] : []),
    ...(heldNow === versions[1] ? [] : [`${held} was updated by itself, to ${heldNow}`]),
  ]
  return judge(problems, `${library} went to ${libraryNow}, ${held} stayed, ${servers.join(', ')} went on`)
}

/** Not waited for by systemctl itself: systemd, which uses the library too, starts anew in the middle of it. */
async function runUpdates(shell: GuestShell): Promise<void> {
  const ended = async (): Promise<string> => {
    const show = ['systemctl', 'show', '--value', '--property=ExecMainExitTimestampMonotonic', 'apt-daily-upgrade.service']
    return (await shell.run(show)).stdout.trim()
  }
  const before = await ended()
  await shell.run(['systemctl', 'start', '--no-block', 'apt-daily-upgrade.service'])
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    await sleep(pollMs)
    const now = await ended().catch(() => before)
    if (now !== before && now !== '0') return
  }
}

/** Which start of a service goes on: a new one has a new id. */
async function startsOf(shell: GuestShell, units: readonly string[]): Promise<Map<string, string>> {
  const starts = new Map<string, string>()
  for (const unit of units) {
    const { stdout } = await shell.run(['systemctl', 'show', '--value', '--property=InvocationID', unit])
    starts.set(unit, stdout.trim())
  }
  return starts
}

async function versionsOf(shell: GuestShell, packages: readonly string[]): Promise<string[]> {
  const { stdout } = await shell.run(['dpkg-query', '--show', ...packages])
  const versions = new Map(
    stdout
      .trim()
      .split('\n')
      .map((line) => [line.split(/[:\t]/)[0], line.split('\t')[1] ?? '']),
  )
  return packages.map((name) => versions.get(name) ?? '')
}
