import { fileURLToPath } from 'node:url'
import { run } from '../process/run.ts'
import type { GuestNetwork } from './network.ts'

/** One attempt to reach a port. */
export interface Probe {
  /** An address of the network that it is made from; the machine's own choice where it is left out. */
  from?: string
  to: string
  port: number
  protocol: 'tcp' | 'udp'
}

/** `open`: somebody answered. `closed`: the machine said that nobody is there. `silent`: nothing came back. */
export type ProbeAnswer = 'open' | 'closed' | 'silent'

const program = fileURLToPath(new URL('./probe-program.ts', import.meta.url))
const withinMs = 120_000

/** Tries ports from inside the guests' network, all at the same time; the answers are in the probes' order. */
export async function probe(network: GuestNetwork, probes: readonly Probe[]): Promise<ProbeAnswer[]> {
  return await runProbes(network.inside(process.execPath, [program]), probes)
}

/** As {@link probe}, from this machine's own network. */
export async function probeFromHere(probes: readonly Probe[], signal: AbortSignal): Promise<ProbeAnswer[]> {
  return await runProbes({ command: process.execPath, args: [program] }, probes, signal)
}

async function runProbes(
  how: { command: string; args: readonly string[] },
  probes: readonly Probe[],
  signal?: AbortSignal,
): Promise<ProbeAnswer[]> {
  const input = Buffer.from(JSON.stringify(probes))
  const { stdout } = await run({ ...how, env: {}, input, timeoutMs: withinMs, ...(signal && { signal }) })
  return JSON.parse(stdout) as ProbeAnswer[]
}
