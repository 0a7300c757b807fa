import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { Talk } from '../programs/keep-talking.ts'
import type { NetworkNamespace } from './network-namespace.ts'

/** One attempt to reach something. */
export interface Probe {
  /** The address that it comes from. */
  from: string
  to: string
  port: number
  /** TCP where it is left out. */
  protocol?: 'udp'
  /** Port that it is sent from, where that matters. */
  fromPort?: number
}

/** `open`: something answered; `closed`: refused, so nothing dropped it on the way; `silent`: nothing came back. */
export type Answer = 'open' | 'closed' | 'silent'

const node = fileURLToPath(new URL('../../../tools/node', import.meta.url))

function program(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url))
}

/** Sends all probes at once, from within a namespace that has their addresses; answers in the same order. */
export async function sendProbes(where: NetworkNamespace, probes: readonly Probe[]): Promise<Answer[]> {
  return JSON.parse(await where.run(node, [program('send-probes')], JSON.stringify(probes))) as Answer[]
}

/** Answers on these ports, over IPv4 and IPv6, until the namespace is closed. */
export async function answerOn(where: NetworkNamespace, tcp: readonly number[], udp: readonly number[] = []): Promise<void> {
  await where.start(node, [program('answer-ports'), tcp.join(','), udp.join(',')])
}

/**
 * Talks over these connections while something happens, and says what was lost.
 *
 * @param anew whether to open new ones all the time, too.
 */
export async function talkWhile(
  where: NetworkNamespace,
  ways: readonly Probe[],
  anew: boolean,
  happens: () => Promise<void>,
): Promise<Talk> {
  const talking = await where.start(node, [program('keep-talking'), JSON.stringify(ways), anew ? 'anew' : ''])
  const rest = text(talking.stdout)
  await happens()
  talking.stdin.end()
  if (talking.exitCode === null) await once(talking, 'exit')
  return JSON.parse(await rest) as Talk
}
