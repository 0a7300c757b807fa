import { afterAll, beforeAll, test as everywhere, expect } from 'vitest'
import { sampleCluster } from '../../support/definitions.ts'
import { dockerNode } from '../../support/images/docker-definition.ts'
import { type DockerNode, openDockerNode } from '../../support/images/docker-node.ts'
import { sources } from '../../support/images/firewall-expectations.ts'
import { type FirewallLab, NODE, openOutside } from '../../support/images/firewall-lab.ts'
import { makeImages } from '../../support/images/make-images.ts'
import { networksCanBeMade } from '../../support/images/network-namespace.ts'
import { answerOn, type Probe, sendProbes, talkWhile } from '../../support/images/probe.ts'

const test = everywhere.runIf(networksCanBeMade)
const shop = 'registry.example.com/shop:1'
const load = 'nft -f /etc/nftables.d/ballast.nft'
let lab: Pick<FirewallLab, 'node' | 'outside'>
let node: DockerNode

const isV6 = (address: string): boolean => address.includes(':')
/** From everywhere to a port of the node, over the family of whoever asks. */
const fromEverywhere = (port: number): Probe[] =>
  Object.values(sources).map((from) => ({ from, to: NODE.outer[isV6(from) ? 1 : 0], port }))
const web = [80, 443].flatMap(fromEverywhere)

async function answers(probes: readonly Probe[]): Promise<Set<string>> {
  return new Set(await sendProbes(lab.outside, probes))
}

beforeAll(async () => {
  lab = await openOutside(Object.values(sources))
  node = await openDockerNode(sampleCluster(dockerNode), lab.node)
  await node.done(load)
  await node.startDocker()
  await makeImages(node, '1')
  await node.done('ballast-release deploy edge')
})
afterAll(async () => {
  await node?.close()
  await lab?.outside.close()
})

test('the web reaches what stands at the edge, over IPv4 and IPv6, and is seen with its own address', async () => {
  expect(await answers(web)).toEqual(new Set(['open']))
  const seen = await node.done('docker logs ballast-edge-traefik-1 2>&1')
  for (const address of [sources['stranger, IPv4'], sources['stranger, IPv6']]) expect(seen).toContain(address)
})

test('a port that is published without an address is for the node alone, on every network', async () => {
  await node.done('docker network create other && docker network create --ipv6 --subnet fd6b:2::/64 other6')
  await node.done(`docker run --detach --publish 8080:3000 ${shop}`)
  await node.done(`docker run --detach --publish 8081:3000 --network other ${shop}`)
  await node.done(`docker run --detach --publish 8082:3000 --network other6 ${shop}`)
  const bindings = await node.done(`docker ps --format '{{.Ports}}' --filter ancestor=${shop}`)
  expect(bindings.split('\n').sort()).toEqual(['', ...['8080', '8081', '8082'].map((port) => `127.0.0.1:${port}->3000/tcp`)])
  expect(await answers([8080, 8081, 8082].flatMap(fromEverywhere))).toEqual(new Set(['silent']))
  expect(await node.done('for port in 8080 8081 8082; do busybox wget -q -O - http://127.0.0.1:$port/version; done')).toBe(
    '1\n1\n1\n',
  )
})

test('a port that is published to everybody is closed all the same, unless the definition opens it', async () => {
  await node.done(`docker run --detach --publish 0.0.0.0:9000:3000 --publish '[::]:9000:3000' --network other6 ${shop}`)
  // 9443 leads to a port of the container that would be open on the node.
  await node.done(`docker run --detach --publish 0.0.0.0:9443:443 --publish '[::]:9443:443' traefik:3.5.3`)
  expect(await answers([9000, 9443].flatMap(fromEverywhere))).toEqual(new Set(['silent']))
  await node.done('nft flush chain inet ballast forward')
  await node.done("nft add chain inet ballast forward '{ policy accept; }'")
  expect(await answers(fromEverywhere(9000))).toEqual(new Set(['open']))
  await node.done(load)
})

test("a container's own address is out of reach, by IPv4 and IPv6", async () => {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{.GlobalIPv6Address}} {{end}}'
  const said = await node.done(`docker inspect --format '${format}' $(docker ps --quiet)`)
  const addresses = said.split(/\s+/).filter(Boolean)
  expect(addresses.some(isV6)).toBe(true)
  const probes = addresses.flatMap((to) =>
    Object.values(sources)
      .filter((from) => isV6(from) === isV6(to))
      .flatMap((from) => [80, 443, 3000].map((port): Probe => ({ from, to, port }))),
  )
  expect(probes.length).toBeGreaterThan(40)
  expect(await answers(probes)).toEqual(new Set(['silent']))
})

test('a container reaches the world, and not its own node', async () => {
  await answerOn(lab.outside, [5432])
  await answerOn(lab.node, [22, 9100])
  const from = (command: string) => node.sh(`docker run --rm --network other6 ${shop} ${command}`)
  for (const address of [sources['application, IPv4'], sources['application, IPv6']]) {
    expect(await from(`sh -c 'echo there | nc -w 5 ${address} 5432'`)).toMatchObject({ code: 0, stdout: 'there\n' })
  }
  for (const port of [22, 9100]) {
    for (const address of NODE.outer) expect(await from(`nc -w 2 ${address} ${port} </dev/null`)).toMatchObject({ code: 1 })
  }
})

test('the firewall is loaded again under traffic: no connection is lost, and the tables of Docker stay', async () => {
  const tables = 'nft --stateless list table ip nat; nft --stateless list table ip filter; nft --stateless list table ip6 nat'
  const before = await node.done(tables)
  const talk = await talkWhile(lab.outside, fromEverywhere(443), true, async () => {
    for (let round = 0; round < 20; round++) await node.done(load)
  })
  expect(talk.lost).toEqual([])
  expect(Math.min(...talk.kept)).toBeGreaterThan(0)
  expect(talk.anew).toBeGreaterThan(0)
  expect(await node.done(tables)).toBe(before)
})

test('the engine restarts under traffic: open connections stay, and what was closed is closed', async () => {
  const own = 'nft --stateless list table inet ballast'
  const before = await node.done(own)
  const talk = await talkWhile(lab.outside, fromEverywhere(443), false, () => node.startDocker())
  expect(talk.lost).toEqual([])
  expect(Math.min(...talk.kept)).toBeGreaterThan(0)
  expect(await node.done(own)).toBe(before)
  expect(await answers([8080, 9000, 9443].flatMap(fromEverywhere))).toEqual(new Set(['silent']))
  expect(await answers(web)).toEqual(new Set(['open']))
})
