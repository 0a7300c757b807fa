import { expect, test } from 'vitest'
import { defineCluster, env } from '../../../config/index.ts'
import { monitoredNodes } from '../../../config/monitoring.ts'
import type { ClusterInput } from '../../../config/schema/cluster.ts'
import { expectedCluster } from '../../../functions/replication/expected.ts'
import { monitorConnections } from '../../../functions/replication/monitor-connections.ts'
import { changed, sample } from '../config/sample.ts'

const definition = defineCluster(
  changed(sample, {
    'nodes[1].hostName': 'db-1.internal',
    'nodes[2].disk': '200 GB',
    'accounts.monitor': { user: 'watcher', password: env('MONITOR_PASSWORD') },
    'postgres.tls': { mode: 'verify-ca', rootCertificate: '/etc/root.crt' },
    'postgres.synchronous': { mode: 'on', standbys: 1 },
    'backup.fanOut.pauseReplica': 'db-2',
    'backup.pitr': { store: 'main', fullBackup: 'weekly on sunday at 01:00' },
  }) as unknown as ClusterInput,
)

test('every node with a server is watched as the monitor, directly and in the console of its pooler', () => {
  const [primary, replica, ...others] = monitoredNodes(definition)
  expect(others).toEqual([])
  expect(primary).toMatchObject({ name: 'db-1', role: 'primary', path: 'nodes[1]', slot: undefined })
  expect(replica).toMatchObject({ name: 'db-2', role: 'replica', path: 'nodes[2]', slot: 'ballast_db_2', diskBytes: 200e9 })
  expect(primary?.server).toEqual({
    ...{ type: 'parts', database: 'postgres', user: 'watcher', password: { env: 'MONITOR_PASSWORD' } },
    hosts: [{ host: 'db-1.internal', port: 5432 }],
    ...{ sslmode: 'verify-ca', sslrootcert: '/etc/root.crt', targetSessionAttrs: 'any' },
  })
  expect(replica?.pooler).toMatchObject({ database: 'pgbouncer', hosts: [{ host: '10.0.0.12', port: 6432 }] })
})

test('what is expected is what the definition promises', () => {
  const { nodes, limits, ...rest } = expectedCluster(definition)
  expect(rest).toEqual({ synchronousStandbys: 1, archiving: true, backupUser: 'ballast_backup' })
  expect(nodes.map(({ name, mayPause }) => [name, mayPause])).toEqual([
    ['db-1', false],
    ['db-2', true],
  ])
  expect(limits).toMatchObject({ maxLagBytes: 10e6, maxLagTimeSeconds: 1, maxSnapshotAgeSeconds: 43_200 })
  expect(expectedCluster(defineCluster(sample as unknown as ClusterInput))).toMatchObject({
    synchronousStandbys: 0,
    archiving: false,
  })
})

test('the password is looked up where it is kept', async () => {
  const connections = await monitorConnections(definition, 'server', { HOME: '/nowhere', MONITOR_PASSWORD: 'secret' })
  expect(connections.map(({ node, settings }) => [node, settings.user, settings.password])).toEqual([
    ['db-1', 'watcher', 'secret'],
    ['db-2', 'watcher', 'secret'],
  ])
  await expect(monitorConnections(definition, 'pooler', { HOME: '/nowhere' })).rejects.toThrow('MONITOR_PASSWORD')
})
