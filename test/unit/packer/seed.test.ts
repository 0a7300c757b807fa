import { beforeAll, describe, expect, test } from 'vitest'
import type { Cluster, Node } from '../../../config/index.ts'
import { renderSeed } from '../../../packer/seed.ts'
import { rolesWithoutPassword, seedNeeds } from '../../../packer/seed-needs.ts'
import { referenceCluster, sampleCluster } from '../../support/definitions.ts'

interface UserData {
  hostname: string
  write_files: { path: string; permissions: string; content: string }[]
}

let cluster: Cluster
beforeAll(async () => {
  cluster = await referenceCluster()
})

function named(name: string): Node {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  if (node === undefined) throw new Error(`no node ${name}`)
  return node
}

function userData(text: string): UserData {
  const [head, ...rest] = text.split('\n')
  expect(head).toBe('#cloud-config')
  return JSON.parse(rest.join('\n')) as UserData
}

function nodeEnv(name: string): string {
  const [file] = userData(renderSeed(cluster, named(name), {})['user-data']).write_files
  expect(file).toMatchObject({ path: '/etc/ballast/node.env', permissions: '0644' })
  return file?.content ?? ''
}

describe('what a node is told', () => {
  test('a primary knows itself, and a slot for the day on which it follows', () => {
    expect(nodeEnv('db-1')).toBe(`NODE_NAME='db-1'
NODE_ADDRESS='10.0.0.11'
PRIMARY_ADDRESS='10.0.0.11'
REPLICATION_SLOT='ballast_db_1'
SYNC_NAMES='db-2 db-3'
CERTIFICATE_NAMES=''
`)
  })

  test('a replica knows its primary, and its slot as the definition names it', () => {
    expect(nodeEnv('db-3')).toMatch(/PRIMARY_ADDRESS='10\.0\.0\.11'\nREPLICATION_SLOT='ballast_db_3'\nSYNC_NAMES='db-1 db-2'/)
  })

  test('a docker node knows nothing of replication', () => {
    expect(nodeEnv('app-1')).toBe("NODE_NAME='app-1'\nNODE_ADDRESS='10.0.0.10'\nPRIMARY_ADDRESS='10.0.0.11'\n")
  })

  test('the names on its certificate are those that people reach it by', () => {
    const own = sampleCluster({ 'nodes[1].hostName': 'db-1.internal', 'nodes[1].publicAddress': '203.0.113.11' })
    const [, primary] = own.nodes
    if (primary === undefined) throw new Error('no primary')
    expect(renderSeed(own, primary, {})['user-data']).toContain("CERTIFICATE_NAMES='DNS:db-1.internal IP:203.0.113.11'")
  })
})

describe('secrets', () => {
  const own = new Map([['shop_owner', { file: '/tmp/shop-owner' }]])
  const files = (name: string) => seedNeeds(cluster, named(name), own).map(({ file }) => file)

  test('a primary gets verifiers, and the one password that it may need to log in elsewhere', () => {
    expect(files('db-1')).toEqual([
      'replication-password',
      'ballast_backup.verifier',
      'ballast_monitor.verifier',
      'ballast_replication.verifier',
      'shop_owner.verifier',
    ])
    const plain = seedNeeds(cluster, named('db-1'), own).filter(({ form }) => form !== 'verifier')
    expect(plain.map(({ file }) => file)).toEqual(['replication-password'])
  })

  test('a replica gets the password of replication alone', () => {
    expect(files('db-2')).toEqual(['replication-password'])
  })

  test('a docker node gets the variables of its stacks that are secrets', () => {
    expect(seedNeeds(cluster, named('app-1'), own)).toEqual([
      {
        file: 'production.env',
        form: 'environment',
        secrets: [{ name: 'WEB__DATABASE_URL', path: expect.any(String), ref: { secret: 'shop/app-database-url' } }],
      },
    ])
  })

  test('a certificate and keys of the repository come along where the definition has them', () => {
    const given = sampleCluster({
      'postgres.tls': { certificate: '/etc/ballast/server.crt', key: { env: 'TLS_KEY' } },
      'backup.pitr': { store: 'main' },
      'backup.stores[0].credentials': { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'KEY' } },
    })
    const replica = given.nodes[2]
    if (replica === undefined) throw new Error('no replica')
    expect(seedNeeds(given, replica, new Map()).map(({ file, form, secrets }) => [file, form, secrets[0]?.ref])).toEqual([
      ['server.crt', 'plain', { file: '/etc/ballast/server.crt' }],
      ['server.key', 'plain', { env: 'TLS_KEY' }],
      ['repository-key', 'plain', { env: 'ID' }],
      ['repository-key-secret', 'plain', { env: 'KEY' }],
    ])
  })

  test('they are written for root alone', () => {
    const { write_files } = userData(renderSeed(cluster, named('db-2'), { 'replication-password': 'p"\\\n§' })['user-data'])
    expect(write_files[1]).toEqual({
      path: '/etc/ballast/secrets/replication-password',
      permissions: '0600',
      content: 'p"\\\n§',
    })
  })

  test('owners of databases have passwords that the definition does not know', () => {
    expect(rolesWithoutPassword(cluster)).toEqual(['shop_owner', 'ledger_owner'])
  })
})

describe('network', () => {
  test('a machine asks by DHCP unless it is told', () => {
    expect(JSON.parse(renderSeed(cluster, named('db-1'), {})['network-config'])).toEqual({
      version: 2,
      ethernets: { primary: { match: { name: 'e*' }, dhcp4: true } },
    })
  })

  test('told, it has the address of the definition', () => {
    const network = { prefixLength: 24, gateway: '10.0.0.1', nameServers: ['10.0.0.2'] }
    expect(JSON.parse(renderSeed(cluster, named('db-1'), {}, network)['network-config'])).toMatchObject({
      ethernets: {
        primary: {
          addresses: ['10.0.0.11/24'],
          routes: [{ to: '0.0.0.0/0', via: '10.0.0.1' }],
          nameservers: { addresses: ['10.0.0.2'] },
        },
      },
    })
  })
})
