import { afterAll, beforeAll, expect, test } from 'vitest'
import { pinnedTraefik } from '../../tools/traefik/traefik.ts'
import { sampleCluster } from '../support/definitions.ts'
import { dockerNode } from '../support/images/docker-definition.ts'
import { type DockerNode, openDockerNode } from '../support/images/docker-node.ts'
import { sources } from '../support/images/firewall-expectations.ts'
import { type FirewallLab, NODE, openOutside } from '../support/images/firewall-lab.ts'
import { makeImages } from '../support/images/make-images.ts'

const [web, cable] = dockerNode.docker.services
const image = 'registry.example.com/shop:1.4.2'
const cluster = sampleCluster({
  ...dockerNode,
  'docker.acme': { email: 'ops@example.com', challenge: 'dns', dnsProvider: 'manual' },
  'docker.services': [
    { ...web, hosts: ['shop.example.com', '*.shop.example.com'], environment: {} },
    { ...cable, hosts: ['ws.shop.example.com'] },
    { type: 'pgadmin', name: 'pgadmin', image, hosts: ['pgadmin.example.com'], port: 3000, healthPath: '/up' },
  ],
})
let lab: Pick<FirewallLab, 'node' | 'outside'>
let node: DockerNode

interface Answer {
  status: number
  headers: string
  body: string
}

/** Asks the node as a browser would, from one of the addresses outside; nobody can know its certificate. */
async function ask(from: string, url: string): Promise<Answer> {
  const { hostname, port, protocol } = new URL(url)
  const to = from.includes(':') ? `[${NODE.outer[1]}]` : NODE.outer[0]
  const resolve = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}:${to}`
  const args = [
    '--silent',
    '--show-error',
    '--insecure',
    '--include',
    '--max-time',
    '20',
    '--interface',
    from,
    '--resolve',
    resolve,
    url,
  ]
  const said = await lab.outside.run('curl', args)
  const [headers = '', body = ''] = said.split(/\r\n\r\n(.*)/s)
  return { status: Number(/^HTTP\/\S+ (\d+)/.exec(headers)?.[1]), headers: headers.toLowerCase(), body }
}

beforeAll(async () => {
  const traefik = await pinnedTraefik()
  lab = await openOutside(Object.values(sources))
  node = await openDockerNode(cluster, lab.node, { 'usr/local/bin/traefik': traefik })
  await node.done('nft -f /etc/nftables.d/ballast.nft')
  await node.startDocker()
  await makeImages(node, '1.4.2', '1.5.0')
  await node.done('docker image rm traefik:3.5.3')
  const change = `--change 'ENV PATH=/usr/local/bin' --change 'CMD ["traefik"]'`
  await node.done(
    `mkdir /tmp/ballast/brought/tmp && tar -C /tmp/ballast/brought -c . | docker import ${change} - traefik:3.5.3`,
  )
  await node.done('ballast-release deploy edge')
  await node.done('ballast-release deploy production')
})
afterAll(async () => {
  await node?.close()
  await lab?.outside.close()
})

const strangers = [sources['stranger, IPv4'], sources['stranger, IPv6']]

test.each(strangers)('HTTP is answered with the way to HTTPS: %s', async (from) => {
  const { status, headers } = await ask(from, 'http://shop.example.com/version?a=b')
  expect(status).toBe(301)
  expect(headers).toContain('\r\nlocation: https://shop.example.com/version?a=b')
})

test.each(strangers)('every host reaches its service: %s', async (from) => {
  for (const host of ['shop.example.com', 'any-name.shop.example.com']) {
    expect(await ask(from, `https://${host}/version`)).toMatchObject({ status: 200, body: '1.4.2\n' })
  }
  expect((await ask(from, 'https://else.example.com/version')).status).toBe(404)
  expect((await ask(from, 'https://a.b.shop.example.com/version')).status).toBe(404)
})

test('a host that is named goes before a wildcard that matches it too', async () => {
  const routed = await node.done(
    `docker logs ballast-edge-traefik-1 2>&1 | grep -c '"ServiceName":"production-cable@file"' || true`,
  )
  expect(routed).toBe('0\n')
  await ask(strangers[0] ?? '', 'https://ws.shop.example.com/version')
  const log = await node.done(`docker logs ballast-edge-traefik-1 2>&1 | grep '"RequestHost":"ws.shop.example.com"'`)
  expect(log).toContain('"ServiceName":"production-cable@file"')
})

test('every answer has the security headers, and says of no server', async () => {
  const { headers } = await ask(strangers[0] ?? '', 'https://shop.example.com/version')
  for (const header of [
    'strict-transport-security: max-age=31536000',
    'x-content-type-options: nosniff',
    'x-frame-options: sameorigin',
  ]) {
    expect(headers).toContain(`\r\n${header}`)
  }
  expect(headers).toContain('\r\nreferrer-policy: strict-origin-when-cross-origin')
  expect(headers).not.toMatch(/\r\nserver:/)
})

test('pgAdmin is for the networks of the admins alone, by the address that asks', async () => {
  const answers: Record<string, number> = {}
  for (const [name, from] of Object.entries(sources))
    answers[name] = (await ask(from, 'https://pgadmin.example.com/version')).status
  const admins = Object.keys(sources).filter((name) => name.startsWith('admin, '))
  expect(admins).toHaveLength(2)
  expect(answers).toEqual(Object.fromEntries(Object.keys(sources).map((name) => [name, admins.includes(name) ? 200 : 403])))
})

test('there is no dashboard, and the health check is for the container alone', async () => {
  for (const path of ['/dashboard/', '/api/overview', '/ping']) {
    expect((await ask(sources['admin, IPv4'], `https://shop.example.com${path}`)).status).toBe(404)
  }
})

test('a release changes without one failed request', async () => {
  const statuses: string[] = []
  let over = false
  const asking = (async () => {
    while (!over) {
      const { status, body } = await ask(strangers[0] ?? '', 'https://shop.example.com/version')
      statuses.push(`${status} ${body.trim()}`)
    }
  })()
  await node.done('ballast-release deploy production registry.example.com/shop:1.5.0')
  over = true
  await asking
  expect(new Set(statuses)).toEqual(new Set(['200 1.4.2', '200 1.5.0']))
})

test('Traefik runs without rights, and reads its settings without an error', async () => {
  const format = '{{.Config.User}} {{.HostConfig.CapDrop}} {{.HostConfig.ReadonlyRootfs}}'
  expect(await node.done(`docker inspect --format '${format}' ballast-edge-traefik-1`)).toBe('65532:65532 [ALL] true\n')
  const errors = await node.done(`docker logs ballast-edge-traefik-1 2>&1 | grep -E ' (ERR|FTL) ' || true`)
  // Certificates cannot be had here.
  expect(errors.split('\n').filter((line) => line !== '' && !/acme/i.test(line))).toEqual([])
})
