import { afterAll, beforeAll, test as everywhere, expect } from 'vitest'
import { firewallFiles } from '../../../packer/files/firewall.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { guarded, sources } from '../../support/images/firewall-expectations.ts'
import { BEHIND, type FirewallLab, NODE, openFirewallLab } from '../../support/images/firewall-lab.ts'
import { networksCanBeMade } from '../../support/images/network-namespace.ts'
import { answerOn, type Probe, sendProbes, talkWhile } from '../../support/images/probe.ts'

const test = everywhere.runIf(networksCanBeMade)
const cluster = sampleCluster(guarded)
const table = firewallFiles(cluster, 'docker')[0]?.content ?? ''

const bridge = 'br-0123456789ab'
const isV6 = (address: string): boolean => address.includes(':')
const facing = ([ipv4, ipv6]: readonly [string, string], from: string): string => (isV6(from) ? ipv6 : ipv4)

/**
 * What Docker does for a container that publishes 80 and 443, as Traefik does, and for one whose owner published 8080 and 9443
 * without a thought: 9443 leads to the container's 443.
 */
const published = { 80: 8080, 443: 8443, 8080: 8080, 9443: 443 }
const dockerShaped = [
  { family: 'ip', host: NODE.outer[0], container: BEHIND[0], network: '172.30.0.0/24' },
  { family: 'ip6', host: NODE.outer[1], container: `[${BEHIND[1]}]`, network: 'fd6b::/64' },
]
  .map(
    ({ family, container, network }) => `
table ${family} docker-shaped {
  chain prerouting {
    type nat hook prerouting priority dstnat; policy accept;
${Object.entries(published)
  .map(([port, to]) => `    fib daddr type local iifname != "${bridge}" tcp dport ${port} dnat to ${container}:${to}`)
  .join('\n')}
    fib daddr type local iifname != "${bridge}" udp dport 443 dnat to ${container}:8443
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ${family} saddr ${network} oifname != "${bridge}" masquerade
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
    oifname "${bridge}" ct state established,related accept
    oifname "${bridge}" iifname != "${bridge}" ct status dnat accept
    iifname "${bridge}" accept
  }
}`,
  )
  .join('\n')

let lab: FirewallLab
const load = (): Promise<string> => lab.node.run('nft', ['-f', '-'], table)

/** From everywhere to a port, over the family of whoever asks. */
const fromEverywhere = (to: readonly [string, string], port: number): Probe[] =>
  Object.values(sources).map((from) => ({ from, to: facing(to, from), port }))

const ask = async (probes: readonly Probe[]): Promise<string[]> => {
  const answers = await sendProbes(lab.outside, probes)
  return probes.map(({ from, to, port }, index) => `${from} to ${to} port ${port}: ${answers[index]}`)
}
const all = (probes: readonly Probe[], answer: string): string[] =>
  probes.map(({ from, to, port }) => `${from} to ${to} port ${port}: ${answer}`)

const open = [80, 443].flatMap((port) => fromEverywhere(NODE.outer, port))
const careless = [8080, 9443].flatMap((port) => fromEverywhere(NODE.outer, port))
/** By a route to the container's own network, which any machine of the same network can have. */
const unpublished = [443, 5432, 8080, 8443].flatMap((port) => fromEverywhere(BEHIND, port))

beforeAll(async () => {
  lab = await openFirewallLab(Object.values(sources), bridge)
  await answerOn(lab.node, [22, 9100])
  await answerOn(lab.behind, [443, 5432, 8080, 8443], [8443])
  await answerOn(lab.outside, [22, 443])
  await lab.node.run('nft', ['-f', '-'], dockerShaped)
})
afterAll(() => lab?.close())

test('Docker alone lets everybody in to what a container publishes', async () => {
  expect(await ask([...open, ...careless])).toEqual(all([...open, ...careless], 'open'))
})

test('a published port of the web is open, and no other published port is', async () => {
  await load()
  expect(await ask(open)).toEqual(all(open, 'open'))
  expect(await ask(careless)).toEqual(all(careless, 'silent'))
})

test("a container's own address cannot be reached past the ports that it publishes", async () => {
  expect(unpublished).toHaveLength(56)
  expect(await ask(unpublished)).toEqual(all(unpublished, 'silent'))
})

test('nothing is open over UDP', async () => {
  const probes = (['admin, IPv4', 'admin, IPv6'] as const).map((source): Probe => {
    return { from: sources[source], to: facing(NODE.outer, sources[source]), port: 443, protocol: 'udp' }
  })
  expect(await sendProbes(lab.outside, probes)).toEqual(['silent', 'silent'])
})

test('a container reaches out, but not into its own node', async () => {
  const out = BEHIND.flatMap((from) =>
    [22, 443].map((port): Probe => ({ from, to: facing(['203.0.113.7', '2001:db8:7:1::1'], from), port })),
  )
  expect(await sendProbes(lab.behind, out)).toEqual(out.map(() => 'open'))
  const inward = BEHIND.flatMap((from) => [22, 9100].map((port): Probe => ({ from, to: facing(NODE.inner, from), port })))
  expect(await sendProbes(lab.behind, inward)).toEqual(inward.map(() => 'silent'))
})

test('it is loaded again under traffic to a container: no connection is lost, and the other tables stay', async () => {
  const before = await lab.node.run('nft', ['-s', 'list', 'table', 'ip', 'docker-shaped'])
  const talk = await talkWhile(lab.outside, open, true, async () => {
    for (let round = 0; round < 100; round++) await load()
  })
  expect(talk.lost).toEqual([])
  expect(Math.min(...talk.kept)).toBeGreaterThan(0)
  expect(talk.anew).toBeGreaterThan(open.length)
  expect(await lab.node.run('nft', ['-s', 'list', 'table', 'ip', 'docker-shaped'])).toBe(before)
})
