import { expect, it } from 'vitest'
import { monitoredNodes } from '../../../config/monitoring.ts'
import { currentHosts } from '../../../functions/backup/current-hosts.ts'
import { connectionTo, serverConnection } from '../../../functions/backup/fan-out/paused-replica.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import type { ReplayPause } from '../../../functions/runtime/replay-pause/record.ts'
import { referenceCluster } from '../../support/definitions.ts'
import { failureOf } from '../../support/failures.ts'

const cluster = await referenceCluster()
const hostsOf = (name: string) => monitoredNodes(cluster).find((node) => node.name === name)?.server.hosts ?? []
const both: ConnectionSettings = {
  ...{
    hosts: [...hostsOf('db-2'), ...hostsOf('db-3')],
    database: 'shop',
    user: 'ballast_backup',
    hostPasswords: ['two', 'three'],
  },
  ...{ sslmode: 'verify-full', targetSessionAttrs: 'standby', connectTimeoutSeconds: 0 },
}
const pause: ReplayPause = { format: 1, node: 'db-3', sinceMs: 1000, users: [] }

it('leaves a replica out that has been paused since before the slot was due', () => {
  expect(currentHosts(both, cluster, pause, 1001)).toEqual({ ...both, hosts: hostsOf('db-2'), hostPasswords: ['two'] })
})

it.each<[string, ReplayPause | undefined, number]>([
  ['nothing is paused', undefined, 9000],
  ['the pause is over', { ...pause, resumedMs: 2000 }, 9000],
  ['the pause is as young as the slot', pause, 1000],
  ['another node is paused', { ...pause, node: 'db-2b' }, 9000],
])('leaves all as it is where %s', (_, known, dueMs) => {
  expect(currentHosts(both, cluster, known, dueMs)).toBe(both)
})

it('refuses for now where nobody else is left', async () => {
  const only = { ...both, hosts: hostsOf('db-3') }
  const failure = await failureOf(Promise.resolve().then(() => currentHosts(only, cluster, pause, 1001)))
  expect(failure).toMatchObject({ kind: 'transient', code: 'RunAtWork', subject: 'db-3' })
})

it('a fanned-out run goes to the one node, with the password that the role has everywhere', () => {
  const replica = monitoredNodes(cluster).find(({ name }) => name === 'db-3')
  if (replica === undefined) throw new Error('the reference cluster has no db-3')
  const expected = { ...both, hosts: hostsOf('db-3'), targetSessionAttrs: 'any', password: 'two', hostPasswords: undefined }
  expect(connectionTo(replica, both)).toEqual(expected)
  expect(serverConnection(replica, { ...both, password: 'own' })).toEqual({
    ...expected,
    database: 'postgres',
    password: 'own',
  })
})
