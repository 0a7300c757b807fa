import type { Guard } from '../guard/guard.ts'
import { run } from '../process/run.ts'
import { type CommandLine, startNamespace } from './namespace.ts'

/** A network apart from the machine's own: a bridge in a network namespace, to which guests are plugged. */
export interface GuestNetwork {
  /** The command line that runs a program inside. */
  inside(command: string, args: readonly string[]): CommandLine
  /** Makes a tap interface on the bridge, for one guest. */
  addTap(name: string): Promise<void>
  /**
   * Makes an address reachable: of a guest, or of something behind the guest `via`. Programs that do not choose an address of
   * their own speak from `source`.
   */
  addRoute(address: string, options?: { source?: string | undefined; via?: string }): Promise<void>
}

/** The guests' way to every address that is not on their own network: the bridge, which has them all. */
export const gateways = { v4: '169.254.77.1', v6: 'fe80::77:1' }

const bridge = 'br0'
const withinMs = 10_000
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }

/**
 * Makes the network; it ends with the guard.
 *
 * @param addresses what programs inside may speak from, IPv4 and IPv6 without prefix length.
 */
export async function startNetwork(guard: Guard, addresses: readonly string[]): Promise<GuestNetwork> {
  const { inside } = await startNamespace(guard, 'net')
  const configure = async (lines: readonly string[]): Promise<void> => {
    const input = Buffer.from(`${lines.join('\n')}\n`)
    await run({ ...inside('ip', ['-batch', '-']), env, input, timeoutMs: withinMs })
  }
  await configure(bridgeLines(addresses))
  return {
    inside,
    addTap: (name) => configure([`tuntap add dev ${name} mode tap`, `link set dev ${name} master ${bridge} up`]),
    addRoute: (address, { source, via } = {}) => {
      const options = [...(via === undefined ? [] : ['via', via]), ...(source === undefined ? [] : ['src', source])]
      return configure([['route replace', address, ...options, 'dev', bridge].join(' ')])
    },
  }
}

/** Lines for `ip -batch`. IPv6 addresses are ready at once, without asking first whether another has them. */
function bridgeLines(addresses: readonly string[]): string[] {
  return [
    'link set dev lo up',
    // Without a querier, snooping would lose the multicast by which IPv6 neighbours find each other.
    `link add dev ${bridge} type bridge mcast_snooping 0`,
    `link set dev ${bridge} up`,
    `address add ${gateways.v4}/16 dev ${bridge}`,
    `address add ${gateways.v6}/64 dev ${bridge} nodad`,
    ...addresses.map(
      (address) =>
        `address add ${address}${address.includes(':') ? '/128' : '/32'} dev ${bridge}${address.includes(':') ? ' nodad' : ''}`,
    ),
  ]
}
