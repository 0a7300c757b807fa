import { isLoopbackSocket, type ListeningSocket } from '../../functions/images/lab/listening-sockets.ts'
import { probeFromHere } from '../../functions/platform/qemu/probe.ts'
import type { ProbedAddress, Site } from '../sites/site.ts'
import type { Drill, DrillScene } from './drill.ts'
import { type PortAnswer, portAnswers } from './port-exposure/port-answers.ts'

/** Each node answers on the ports that the definition's firewall opens to whoever asks, and on no other. */
export const portExposure: Drill = {
  name: 'port-exposure',
  changes: 'nothing',
  withinSeconds: 300,
  obstacle: ({ ports, listening }) => {
    if (ports !== undefined || listening !== undefined) return undefined
    return { reason: 'No port of this site can be tried from here', next: 'Rehearse on the images, or on the cluster.' }
  },
  async run(scene) {
    const { site, record } = scene
    await listSockets(scene)
    const addresses = (await site.ports?.()) ?? []
    if (addresses.length > 0) await tryPorts(scene, addresses)
    else {
      record.untested(
        'What the firewall of each machine opens and to whom: this site has no firewall and no other machine to try it from. Rehearse on the images, or on the cluster.',
      )
    }
  },
}

/** On a sandbox everything is to listen on loopback alone; on machines the firewall decides, and the list is evidence. */
async function listSockets({ site, record, signal }: DrillScene): Promise<void> {
  if (site.listening === undefined) return
  const sockets: (ListeningSocket & { node: string })[] = []
  for (const node of namesOf(site)) {
    sockets.push(...(await site.listening(node, signal)).map((socket) => ({ ...socket, node })))
  }
  const beyond = sockets.filter(({ address }) => !isLoopbackSocket(address))
  record.table(
    'listeningSockets',
    ['node', 'program', 'protocol', 'address', 'port'],
    sockets.map(({ node, program, protocol, address, port }) => [node, program, protocol, address, port]),
  )
  record.measure('socketsBeyondLoopback', {
    ...{ value: beyond.length, unit: 'count', samples: sockets.length },
    ...(site.on === 'sandbox' ? { limit: { is: 'exactly', value: 0, from: 'drill' } } : {}),
  })
}

/** A sandbox is one machine, whatever its nodes are called. */
function namesOf({ on, nodes }: Site): string[] {
  return on === 'sandbox' ? ['sandbox'] : nodes.map(({ name }) => name)
}

async function tryPorts({ site, record, signal }: DrillScene, addresses: readonly ProbedAddress[]): Promise<void> {
  const answers: PortAnswer[] = []
  for (const address of addresses) {
    const open = await (site.tryPorts?.(address, signal) ?? openFromHere(address, signal))
    answers.push(...portAnswers(address, open))
  }
  const unexpected = answers.filter(({ expected, came }) => expected !== came)
  for (const { speaker, node, address, port, expected, came } of unexpected) {
    record.finding(`Port ${port} of ${node} (${address}) is ${came} to ${speaker}, and is to be ${expected}`)
  }
  record.measure('portsTried', { value: answers.length, unit: 'count', samples: answers.length })
  record.measure('portsUnexpected', {
    ...{ value: unexpected.length, unit: 'count', samples: answers.length },
    limit: { is: 'exactly', value: 0, from: 'drill' },
  })
  record.table(
    'portAnswers',
    ['speaker', 'node', 'address', 'port', 'expected', 'came'],
    answers.map(({ speaker, node, address, port, expected, came }) => [speaker, node, address, port, expected, came]),
  )
}

async function openFromHere({ address, ports }: ProbedAddress, signal: AbortSignal): Promise<number[]> {
  const probes = ports.map((port) => ({ to: address, port, protocol: 'tcp' as const }))
  const answers = await probeFromHere(probes, signal)
  return ports.filter((_, index) => answers[index] === 'open')
}
