import { afterAll, beforeAll, describe, test as everywhere, expect } from 'vitest'
import { firewallFiles } from '../../../packer/files/firewall.ts'
import { IMAGE_ROLES, type ImageRole } from '../../../packer/roles.ts'
import { sampleCluster } from '../../support/definitions.ts'
import { cells, expected, guarded, type Source, sources } from '../../support/images/firewall-expectations.ts'
import { BEHIND, type FirewallLab, NODE, openFirewallLab } from '../../support/images/firewall-lab.ts'
import { networksCanBeMade } from '../../support/images/network-namespace.ts'
import { type Answer, answerOn, type Probe, sendProbes, talkWhile } from '../../support/images/probe.ts'

const test = everywhere.runIf(networksCanBeMade)
const cluster = sampleCluster(guarded)
const tableOf = (role: ImageRole): string => firewallFiles(cluster, role)[0]?.content ?? ''

const isV6 = (address: string): boolean => address.includes(':')
/** The node's or another's address, of the family of the address that asks. */
const facing = ([ipv4, ipv6]: readonly [string, string], from: string): string => (isV6(from) ? ipv6 : ipv4)

const everyPort = [22, 80, 111, 443, 2375, 5432, 6432, 8080, 9100, 9187]
const matrix = (role: ImageRole) =>
  cells(expected[role]).map((cell) => ({ ...cell, from: sources[cell.source], to: facing(NODE.outer, sources[cell.source]) }))

/** Other tables, such as Docker and operators make. */
const others = `
table ip others { chain input { type filter hook input priority 10; policy accept; tcp dport 9999 counter drop; }; }
table bridge others { chain forward { type filter hook forward priority 0; policy accept; }; }
`

describe.each(IMAGE_ROLES)('the firewall of a machine of the role %s', (role) => {
  let lab: FirewallLab
  const load = (): Promise<string> => lab.node.run('nft', ['-f', '-'], tableOf(role))
  const told = async (probes: readonly (Probe & { source: Source; answer?: Answer })[]) => {
    const answers = await sendProbes(lab.outside, probes)
    return probes.map(({ source, port }, index) => `${source} to port ${port}: ${answers[index]}`)
  }

  beforeAll(async () => {
    lab = await openFirewallLab(Object.values(sources), 'lan0')
    await answerOn(lab.node, everyPort, [53, 68, 443, 546])
    await answerOn(lab.behind, [80, 5432])
    await lab.node.run('nft', ['-f', '-'], others)
  })
  afterAll(() => lab?.close())

  test('without it every port answers everybody: what is silent later, the firewall has dropped', async () => {
    expect(await told(matrix(role))).toEqual(matrix(role).map(({ source, port }) => `${source} to port ${port}: open`))
  })

  test('it lets in what the role is for, and nothing else', async () => {
    await load()
    expect(matrix(role)).toHaveLength(140)
    expect(await told(matrix(role))).toEqual(
      matrix(role).map(({ source, port, answer }) => `${source} to port ${port}: ${answer}`),
    )
  })

  test('UDP gets in where a machine gets its addresses from, and nowhere else', async () => {
    const [admin4, admin6] = [sources['admin, IPv4'], sources['admin, IPv6']]
    const probes: Probe[] = [
      ...[53, 443].flatMap((port) =>
        [admin4, admin6].map((from): Probe => ({ from, to: facing(NODE.outer, from), port, protocol: 'udp' })),
      ),
      { from: sources['same network'], to: NODE.outer[0], port: 68, protocol: 'udp', fromPort: 67 },
      { from: sources['same network'], to: NODE.outer[0], port: 68, protocol: 'udp', fromPort: 6700 },
      // DHCPv6 comes from the link alone.
      { from: admin6, to: NODE.outer[1], port: 546, protocol: 'udp', fromPort: 547 },
    ]
    expect(await sendProbes(lab.outside, probes)).toEqual(['silent', 'silent', 'silent', 'silent', 'open', 'silent', 'silent'])
  })

  test('it answers a ping, over IPv4 and IPv6', async () => {
    for (const [index, source] of (['stranger, IPv4', 'stranger, IPv6'] as const).entries()) {
      const said = await lab.outside.run('ping', ['-n', '-c', '3', '-i', '0.2', '-I', sources[source], NODE.outer[index] ?? ''])
      expect(said).toContain('3 packets transmitted, 3 received')
    }
  })

  test('it routes nothing to the machine behind, nor from it', async () => {
    const inward = Object.values(sources).flatMap((from) =>
      [80, 5432].map((port): Probe => ({ from, to: facing(BEHIND, from), port })),
    )
    expect(new Set(await sendProbes(lab.outside, inward))).toEqual(new Set(['silent']))
    const outward = BEHIND.flatMap((from) =>
      [22, 80].map((port): Probe => ({ from, to: facing(['203.0.113.7', '2001:db8:7:1::1'], from), port })),
    )
    await answerOn(lab.outside, [22, 80])
    expect(new Set(await sendProbes(lab.behind, outward))).toEqual(new Set(['silent']))
  })

  test('it is loaded again and again under traffic: no connection is lost, and none gets in', async () => {
    const allowed = matrix(role).filter(({ answer }) => answer === 'open')
    const refused = matrix(role)
      .filter(({ answer }) => answer === 'silent')
      .filter((_, index) => index % 9 === 0)
    const probing: Promise<Answer[]>[] = []
    const talk = await talkWhile(lab.outside, allowed, true, async () => {
      probing.push(sendProbes(lab.outside, refused))
      for (let round = 0; round < 100; round++) await load()
      await Promise.all(probing)
    })
    expect(talk.lost).toEqual([])
    expect(Math.min(...talk.kept)).toBeGreaterThan(0)
    expect(talk.anew).toBeGreaterThan(allowed.length)
    expect(new Set(await probing[0])).toEqual(new Set(['silent']))
  })

  test('it counts what it drops, and leaves the tables of others as they are', async () => {
    const dropped = await lab.node.run('nft', ['list', 'counter', 'inet', 'ballast', 'dropped_in'])
    await sendProbes(lab.outside, [{ from: sources['stranger, IPv4'], to: NODE.outer[0], port: 2375 }])
    expect(await lab.node.run('nft', ['list', 'counter', 'inet', 'ballast', 'dropped_in'])).not.toBe(dropped)
    expect(await lab.node.run('nft', ['list', 'tables'])).toBe('table ip others\ntable bridge others\ntable inet ballast\n')
    expect(await lab.node.run('nft', ['-s', 'list', 'table', 'ip', 'others'])).toContain('tcp dport 9999 counter drop')
  })
})
