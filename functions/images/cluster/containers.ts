import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { answerProgram } from './stray-service.ts'

/** A container that answers on {@link containerPort}, and what of it Docker publishes. */
export interface TestContainer {
  name: string
  /** Docker's --publish, such as `0.0.0.0:80:8080`. */
  publish: readonly string[]
}

/** Where every test container listens, TCP and UDP. */
export const containerPort = 8080

const image = 'lab-answer'
const network = 'lab'
/** Of those that nobody is given; it never leaves the machine. */
const subnet6 = 'fd77:0:0:d0::/64'
const withinMs = 5 * 60_000

/** No image can be pulled in the lab: this one is empty, and its program comes from the machine's own /usr. */
const makeImage = `
tree=$(mktemp -d)
mkdir "$tree/usr" "$tree/tmp"
for name in bin lib lib64 sbin; do ln -s "usr/$name" "$tree/$name"; done
tar -C "$tree" -c . | docker import - ${image} >/dev/null
rm -rf "$tree"
docker network create --ipv6 --subnet ${subnet6} ${network} >/dev/null
`

/** Runs containers on a network with IPv6, and waits until each answers inside. */
export async function startContainers(shell: GuestShell, containers: readonly TestContainer[]): Promise<void> {
  await shell.run(['bash', '-euo', 'pipefail', '-s'], { input: makeImage, timeoutMs: withinMs })
  for (const { name, publish } of containers) {
    const ports = publish.flatMap((one) => ['--publish', one])
    const place = ['--detach', '--name', name, '--restart=always', '--network', network, '--volume=/usr:/usr:ro']
    const program = ['python3', '-c', answerProgram, String(containerPort)]
    await shell.run(['docker', 'run', ...place, ...ports, image, ...program], { timeoutMs: withinMs })
  }
  for (const { name } of containers) await untilAnswering(shell, name)
}

/** The container's own addresses on Docker's bridge. */
export async function containerAddresses(shell: GuestShell, name: string): Promise<{ ipv4: string; ipv6: string }> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}'
  const { stdout } = await shell.run(['docker', 'inspect', '--format', format, name])
  const [ipv4 = '', ipv6 = ''] = stdout.trim().split(' ')
  return { ipv4, ipv6 }
}

async function untilAnswering(shell: GuestShell, name: string): Promise<void> {
  const { ipv4 } = await containerAddresses(shell, name)
  const attempt = `exec 3<>/dev/tcp/${ipv4}/${containerPort} && read -r line <&3 && [ "$line" = ballast ]`
  const attempts = `for _ in {1..60}; do if (${attempt}) 2>/dev/null; then exit; fi; sleep 1; done; exit 1`
  await shell.run(['bash', '-c', attempts], { timeoutMs: withinMs })
}
