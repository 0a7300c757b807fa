import { expect, test } from 'vitest'
import { labCluster, passwordVariable } from '../../../../handover/sites/lab/lab-cluster.ts'
import { referenceCluster } from '../../../support/definitions.ts'

const definition = await referenceCluster()
const facts = {
  running: ['app-1', 'db-1', 'db-2'],
  rootCertificate: '/tmp/lab/root.crt',
  directory: '/tmp/lab',
  relay: {
    portTo: ({ address, port }: { address: string; port: number }) => (address === '10.0.0.12' && port === 5432 ? 4711 : 0),
  },
}
const cluster = labCluster(definition, facts)

test('only the machines that run are left, at their own addresses', () => {
  expect(cluster.nodes.map(({ name, address }) => [name, address])).toEqual([
    ['app-1', '10.0.0.10'],
    ['db-1', '10.0.0.11'],
    ['db-2', '10.0.0.12'],
  ])
})

test('no secret of the definition is asked for: accounts and connections have the passwords of the lab', () => {
  const text = JSON.stringify([cluster.accounts, cluster.databases.map(({ connection }) => connection)])
  expect(text).not.toMatch(/"secret"|"file"/)
  expect(cluster.accounts.monitor.password).toEqual({ env: 'BALLAST_LAB_PASSWORD_BALLAST_MONITOR' })
  expect(passwordVariable('led-ger')).toBe('BALLAST_LAB_PASSWORD_LED_GER')
})

test('a backup is taken from the replica, through the relay, and by the certificates of the lab', () => {
  expect(cluster.databases[0]?.connection).toEqual({
    ...{ type: 'parts', hosts: [{ host: '127.0.0.1', port: 4711 }], database: 'shop', user: 'ballast_backup' },
    ...{ password: { env: 'BALLAST_LAB_PASSWORD_BALLAST_BACKUP' }, targetSessionAttrs: 'standby' },
    ...{ sslmode: 'verify-ca', sslrootcert: '/tmp/lab/root.crt' },
  })
})

test('nothing goes to a store of the definition', () => {
  expect(cluster.backup.stores.map((store) => [store.name, store.type === 'file' && store.directory])).toEqual([
    ['main', '/tmp/lab/store-main'],
    ['second-region', '/tmp/lab/store-second-region'],
    ['nas', '/tmp/lab/store-nas'],
  ])
  expect(cluster.backup.pitr).toBeUndefined()
})
