import { isIPv6 } from 'node:net'
import type { Cluster } from '../../../config/index.ts'
import type { BootedNode } from '../../../functions/images/boot/scene.ts'
import { containerPort, startContainers } from '../../../functions/images/cluster/containers.ts'
import { startStrayService } from '../../../functions/images/cluster/stray-service.ts'
import type { Speaker } from '../../../functions/images/lab/addresses.ts'
import type { Lab } from '../../../functions/images/lab/lab.ts'
import { type Probe, type ProbeAnswer, probe } from '../../../functions/platform/qemu/probe.ts'
import type { ProbedAddress } from '../site.ts'
import { probedAddress } from '../ssh/probed-addresses.ts'

/**
 * Lets something answer on every port of which the firewall decides: a container behind each public port, and on every
 * machine a service that no definition offers.
 */
export async function startAnswering({ firewall }: Cluster, booted: readonly BootedNode[]): Promise<void> {
  for (const { node, shell } of booted) {
    await startStrayService(shell)
    if (node.role !== 'docker') continue
    const containers = firewall.publicPorts.map((port) => {
      return { name: `lab-public-${port}`, publish: [`0.0.0.0:${port}:${containerPort}`, `[::]:${port}:${containerPort}`] }
    })
    await startContainers(shell, containers)
  }
}

type Booted = readonly [BootedNode, ...BootedNode[]]

/** Every machine at its addresses of both families, for everybody who may speak in the lab. */
export function labProbes(cluster: Cluster, booted: Booted): ProbedAddress[] {
  return booted.flatMap(({ node, addresses, speakers }) =>
    (['ipv4', 'ipv6'] as const).flatMap((family) => {
      const known = Object.keys(speakers[family]) as Speaker[]
      return known.map((speaker) => probedAddress(cluster, node, addresses[family], speaker))
    }),
  )
}

/**
 * Tries ports from inside the lab's network; returns those that answered. What gives no answer takes seconds to say so: the
 * first address that is asked for is tried together with all others, and so is one that is asked for again.
 */
export function labTries(cluster: Cluster, booted: Booted): (probed: ProbedAddress) => Promise<number[]> {
  const probes = labProbes(cluster, booted).flatMap((probed) => probesOf(booted, probed))
  const asked = new Set<string>()
  let answers: Promise<ReadonlyMap<string, ProbeAnswer>> | undefined
  return async (probed) => {
    const key = `${probed.speaker} ${probed.address}`
    if (answers === undefined || asked.has(key)) {
      asked.clear()
      answers = answersTo(booted[0].lab, probes)
    }
    asked.add(key)
    const found = await answers
    return probesOf(booted, probed).flatMap((one) => (found.get(nameOf(one)) === 'open' ? [one.port] : []))
  }
}

async function answersTo({ network }: Lab, probes: readonly Probe[]): Promise<ReadonlyMap<string, ProbeAnswer>> {
  const answers = await probe(network, probes)
  return new Map(answers.map((answer, index) => [nameOf(probes[index]), answer]))
}

function nameOf(one: Probe | undefined): string {
  return `${one?.from} ${one?.to} ${one?.port}`
}

function probesOf(booted: Booted, { node: name, address: to, speaker, ports }: ProbedAddress): Probe[] {
  const from = booted.find(({ node }) => node.name === name)?.speakers[isIPv6(to) ? 'ipv6' : 'ipv4'][speaker]
  if (from === undefined) throw new Error(`nobody is ${speaker} for ${name}, ${to}`)
  return ports.map((port) => ({ from, to, port, protocol: 'tcp' }))
}
