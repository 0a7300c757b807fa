import { afterAll, beforeAll, test as everywhere, expect } from 'vitest'
import { stacksOf } from '../../../packer/docker/stacks.ts'
import { stackVariables } from '../../../packer/docker-environment.ts'
import { dockerFiles } from '../../../packer/files/docker.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'
import { type DockerNode, openDockerNode } from '../../support/images/docker-node.ts'
import { NetworkNamespace, networksCanBeMade } from '../../support/images/network-namespace.ts'

const test = everywhere.runIf(networksCanBeMade)
let node: DockerNode

// Each step of the bake has been run and checked by then: the reference cluster's stacks and table are accepted.
beforeAll(async () => {
  node = await openDockerNode(await referenceCluster(), await NetworkNamespace.open())
})
afterAll(() => node?.close())

const check = (verb: string) => node.sh(`bash /tmp/ballast/image-scripts/verify/${verb}.sh`)

interface Fault {
  verb: string
  what: string
  harm: string
  says: RegExp
  mend: string
}

/** Breaks one line of a file, and puts it back. */
const edited = (file: string, edit: string): Pick<Fault, 'harm' | 'mend'> => ({
  harm: `cp -a ${file} /tmp/kept && sed -i '${edit}' ${file}`,
  mend: `cp -a /tmp/kept ${file}`,
})
const made = (path: string): Pick<Fault, 'harm' | 'mend'> => ({ harm: `echo x >${path}`, mend: `rm ${path}` })

const table = '/etc/nftables.d/ballast.nft'
const compose = '/srv/ballast/production/compose.yaml'
const faults: Fault[] = [
  {
    verb: 'set-firewall',
    what: 'a table that nft refuses',
    ...edited(table, 's/policy drop/policy dorp/'),
    says: /ballast\.nft is refused/,
  },
  {
    verb: 'set-firewall',
    what: 'an open way in',
    ...edited(table, '/hook input/s/drop/accept/'),
    says: /does not drop by itself at the hook input/,
  },
  {
    verb: 'set-firewall',
    what: 'an open way through',
    ...edited(table, '/hook forward/s/drop/accept/'),
    says: /at the hook forward/,
  },
  {
    verb: 'set-firewall',
    what: 'a table that flushes',
    ...edited(table, '1a flush ruleset'),
    says: /flushes, above: the tables of others must stay/,
  },
  {
    verb: 'set-firewall',
    what: 'nobody let in',
    ...edited(table, '/dport { 22 }/d'),
    says: /lets nobody in by SSH, at port 22/,
  },
  {
    ...{
      verb: 'set-firewall',
      what: 'a firewall that does not start',
      says: /ballast-firewall\.service is 'disabled', not 'enabled'/,
    },
    ...{ harm: 'systemctl disable ballast-firewall', mend: 'systemctl enable ballast-firewall' },
  },
  {
    ...{ verb: 'set-firewall', what: "Debian's own firewall", says: /nftables\.service is '\w+', not 'masked'/ },
    ...{ harm: 'systemctl unmask nftables', mend: 'systemctl mask nftables' },
  },
  {
    verb: 'set-docker',
    what: 'settings that Docker refuses',
    ...edited('/etc/docker/daemon.json', 's/live-restore/life-restore/'),
    says: /daemon\.json is refused/,
  },
  {
    verb: 'set-docker',
    what: 'a userland proxy',
    ...edited('/etc/docker/daemon.json', '/userland-proxy/s/false/true/'),
    says: /does not say "userland-proxy": false/,
  },
  {
    verb: 'set-docker',
    what: 'somebody in the group docker',
    harm: 'gpasswd --add daemon docker',
    mend: 'gpasswd --delete daemon docker',
    says: /has members: daemon/,
  },
  {
    verb: 'set-docker',
    what: "an engine's identity",
    ...made('/var/lib/docker/engine-id'),
    says: /\/var\/lib\/docker is not empty/,
  },
  {
    ...{ verb: 'set-docker', what: 'an engine that does not start', says: /docker\.service is 'disabled', not 'enabled'/ },
    ...{ harm: 'systemctl disable docker.service', mend: 'systemctl enable docker.service docker.socket' },
  },
  {
    verb: 'set-application',
    what: 'a stack that Compose refuses',
    ...edited(compose, 's/restart: /reboot: /'),
    says: /compose\.yaml is refused: .*reboot/,
  },
  {
    verb: 'set-application',
    what: 'a secret in the image',
    ...made('/srv/ballast/staging/.env'),
    says: /staging\/\.env is made on the machine/,
  },
  {
    verb: 'set-application',
    what: 'a release in the image',
    ...made('/srv/ballast/staging/releases/0001.yaml'),
    says: /0001\.yaml is made on the machine/,
  },
  {
    verb: 'set-application',
    what: 'an account of the certificates',
    ...made('/srv/ballast/edge/acme/acme.json'),
    says: /acme\.json is made on the machine/,
  },
  {
    verb: 'set-application',
    what: 'a directory open to all',
    harm: 'chmod 755 /srv/ballast/edge',
    mend: 'chmod 700 /srv/ballast/edge',
    says: /edge is not root's alone/,
  },
  {
    ...{
      verb: 'set-application',
      what: 'a stack that does not start',
      says: /ballast-stack@staging\.service is 'disabled', not 'enabled'/,
    },
    ...{ harm: 'systemctl disable ballast-stack@staging', mend: 'systemctl enable ballast-stack@staging' },
  },
]

test.each(faults)('the check of $verb finds $what, and nothing once it is mended', async ({ verb, harm, says, mend }) => {
  await node.done(harm)
  const found = await check(verb)
  expect(found.stdout).toMatch(says)
  expect(found.code).toBe(1)
  await node.done(mend)
  expect(await check(verb)).toMatchObject({ code: 0, stdout: '' })
})

const web = { type: 'web', name: 'web', image: 'shop:1', hosts: ['shop.example.com'], port: 3000 }
const pgadmin = { type: 'pgadmin', name: 'pgadmin', image: 'pgadmin:9', hosts: ['pgadmin.example.com'], port: 80 }
const worker = { type: 'worker', name: 'night-shift', image: `shop@sha256:${'a'.repeat(64)}`, replicas: 3 }

test.each([
  ['a web alone, without certificates of its own', { 'docker.services': [web] }],
  ['workers that nobody reaches', { 'docker.services': [worker] }],
  ['pgAdmin alone, in one environment', { 'docker.services': [pgadmin], 'docker.environments': ['staging'] }],
  [
    'names that YAML might take for something else',
    { 'docker.services': [{ ...worker, name: 'no', command: ['yes', '1_000', '~', '0o7', '12:30:45'] }] },
  ],
])('Compose accepts %s', async (_, changes) => {
  const cluster = sampleCluster(changes)
  for (const stack of stacksOf(cluster)) {
    const content = dockerFiles(cluster, 'docker').find(({ path }) => path === `/srv/ballast/${stack}/compose.yaml`)?.content
    const variables = stackVariables(cluster, stack).map(({ name }) => `${name}=x`)
    const said = await node.sh(`${variables.join(' ')} docker compose --file - config --quiet`, content)
    expect(said, stack).toEqual({ code: 0, stdout: '', stderr: '' })
  }
})

test('systemd accepts the units', async () => {
  const verified = await node.sh('systemd-analyze verify ballast-firewall.service ballast-stack@production.service')
  expect(verified).toEqual({ code: 0, stdout: '', stderr: '' })
})
