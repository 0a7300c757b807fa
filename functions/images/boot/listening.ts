import { firewallRules } from '../../../packer/firewall-rules.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { openPorts, readSockets, socketsCommand } from '../lab/listening-sockets.ts'
import type { BootedNode } from './scene.ts'

/** Whether everything that listens to other machines is something that the definition offers them. */
export async function checkListening({ cluster, node: { role }, shell }: BootedNode): Promise<LabFinding> {
  const offered = firewallRules(cluster, role).flatMap(({ ports }) => ports)
  const { stdout } = await shell.run(socketsCommand)
  const listening = openPorts(readSockets(stdout))
  const strange = listening.filter(({ protocol, port }) => protocol === 'udp' || !offered.includes(port))
  return judge(
    strange.map(({ protocol, port }) => `${protocol} ${port} listens, and nothing in the definition offers it`),
    `listening: ${listening.map(({ protocol, port }) => `${protocol} ${port}`).join(', ')}`,
  )
}
