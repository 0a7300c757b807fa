import { expect, test } from 'vitest'
import { poolerLimits, sandboxCluster, sandboxEnvironment, sandboxNodes } from '../../../../handover/sites/sandbox-cluster.ts'
import { problemOf } from '../../../../handover/sites/site-problems.ts'
import { pgbouncerIni } from '../../../../sandbox/pgbouncer.ts'
import { referenceCluster, sampleCluster } from '../../../support/definitions.ts'

const server = (port: number) => ({ port, socketDirectory: '/s', dataDirectory: '/d', pid: 1, logFile: '/l' })
const data = {
  ...{ directory: '/x', pgBin: '/b', passwords: { ballast_backup: 'b', ballast_monitor: 'm', replicator: 'r' } },
  ...{ primary: server(1), standby: server(2), furtherStandbys: [server(3)] },
}

test('the database nodes of the definition are there under their names, two replicas at most', async () => {
  const reference = await referenceCluster()
  expect(sandboxNodes(reference).map(({ name }) => name)).toEqual(['db-1', 'db-2', 'db-3'])
  const four = sampleCluster({
    nodes: [4, 3, 2, 1].map((n) => ({ name: `db-${n}`, role: n === 1 ? 'primary' : 'replica', address: `10.0.0.1${n}` })),
    'firewall.replica': ['10.0.0.11/32', '10.0.0.12/31', '10.0.0.14/32'],
  })
  expect(sandboxNodes(four).map(({ name }) => name)).toEqual(['db-1', 'db-4', 'db-3'])
})

test("nothing of the user is reached: stores, machines and channels are the sandbox's own, and its goals are the definition's", async () => {
  const reference = await referenceCluster()
  const cluster = sandboxCluster(reference, data)
  const text = JSON.stringify([
    cluster.nodes.map(({ name }) => name),
    cluster.databases,
    cluster.backup,
    cluster.alerts.channels,
    cluster.accounts,
  ])
  expect(text).not.toMatch(/shop-backups|10\.0\.0|shop\/|mnt\/nas|verify-full/)
  expect(cluster.handover).toBe(reference.handover)
  expect(cluster.replication).toBe(reference.replication)
  expect(cluster.backup.stores.map(({ name }) => name)).toEqual(['main', 'second-region', 'nas'])
})

test('backups come from the standbys where the definition says so, with passwords from the environment', () => {
  const [database] = sandboxCluster(sampleCluster(), data).databases
  expect(database?.connection).toMatchObject({
    hosts: [{ port: 2 }, { port: 3 }],
    targetSessionAttrs: 'standby',
    sslmode: 'disable',
  })
  const env = sandboxEnvironment(data, { PATH: '/bin' })
  expect(env).toMatchObject({ PATH: '/bin', BALLAST_SANDBOX_BACKUP: 'b', BALLAST_SANDBOX_MONITOR: 'm' })
  const [onPrimary] = sandboxCluster(sampleCluster({ 'backup.source': 'primary' }), data).databases
  expect(onPrimary?.connection).toMatchObject({ hosts: [{ port: 1 }], targetSessionAttrs: 'primary' })
})

test('PgBouncer has the pools and the limits of the definition', () => {
  const cluster = sampleCluster({
    'databases[0].pool': { size: 7, reserve: 2, users: 2 },
    pgbouncer: { queryWait: '9 s', maxClients: 277 },
  })
  const ini = pgbouncerIni({ port: 1, primaryPort: 2, limits: poolerLimits(cluster) }, '/x/userlist.txt').split('\n')
  expect(ini).toContain('shop = host=127.0.0.1 port=2 pool_size=7 reserve_pool=2 max_db_connections=19')
  expect(ini).toContain('query_wait_timeout = 9')
  expect(ini).toContain('max_client_conn = 277')
})

test.each([
  ['primary', 'primary', undefined],
  ['replica', 'streaming', undefined],
  ['primary', 'streaming', 'db-1 is a standby, and is to be the primary'],
  ['replica', 'primary', 'db-1 is a primary, and is to be a replica'],
  ['replica', 'not connected', 'db-1 does not stream from its primary (not connected)'],
] as const)('a %s that is %s', (role, state, problem) => {
  expect(problemOf('db-1', role, state)).toBe(problem)
})
