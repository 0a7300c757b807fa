import { expect, test } from 'vitest'
import { backupTuning, durationSeconds } from '../../../cli/settings/backup-options.ts'
import { chooseDatabases } from '../../../cli/settings/connection-choice.ts'
import { connectionSettings } from '../../../cli/settings/connection-settings.ts'
import { clusterName, setFilter } from '../../../cli/settings/scope.ts'
import { chooseStore, chooseStores } from '../../../cli/settings/store-choice.ts'
import { sweepLimitSeconds } from '../../../cli/settings/sweep-limit.ts'
import { defineCluster, env, secret } from '../../../config/index.ts'
import type { ClusterInput } from '../../../config/schema/cluster.ts'
import { connectionPairs } from '../../../functions/runtime/definition/defined-connection.ts'
import { failureOf } from '../../support/failures.ts'

const base: ClusterInput = {
  name: 'shop',
  nodes: [
    { name: 'app-1', role: 'docker', address: '10.0.0.10' },
    { name: 'db-1', role: 'primary', address: '10.0.0.11' },
    { name: 'db-2', role: 'replica', address: '10.0.0.12' },
    { name: 'db-3', role: 'replica', address: '10.0.0.13' },
  ],
  accounts: { backup: { password: env('BACKUP_PASSWORD') } },
  databases: [
    { name: 'shop', owner: 'shop_owner' },
    { name: 'crm', owner: 'crm_owner', connection: { url: secret('crm/url') } },
    { name: 'scratch', owner: 'crm_owner', backup: false },
  ],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32', '10.0.0.12/32', '10.0.0.13/32'] },
  backup: {
    workers: 3,
    stores: [
      { type: 's3', name: 'main', bucket: 'shop-backups', prefix: 'pg', encryption: { type: 'sse-kms', keyId: 'alias/k' } },
      { type: 'file', name: 'nas', directory: '/mnt/nas' },
    ],
    retention: { keep: { daily: 30 }, sweepAfter: '3 days' },
  },
}
const definition = defineCluster(base)

function failureFrom(work: () => unknown) {
  return failureOf(Promise.resolve().then(work))
}

test('a store by URL, with the environment and the options over it', () => {
  const { settings } = chooseStore(
    { store: 's3://bucket/p', region: 'eu-west-1', provider: 'minio', sse: 'aws:kms', kmsKey: 'k' },
    undefined,
    { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000', AWS_REGION: 'us-west-1' },
  )
  expect(settings).toEqual({
    type: 's3',
    bucket: 'bucket',
    prefix: 'p',
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9000',
    provider: 'minio',
    encryption: { type: 'sse-kms', keyId: 'k' },
  })
  expect(chooseStore({ store: 's3://bucket', sse: 'AES256' }, undefined, {}).settings).toMatchObject({
    encryption: { type: 'sse-s3' },
  })
  expect(chooseStore({ store: 'file:///d' }, definition, {}).settings).toEqual({ type: 'file', directory: '/d' })
})

test('a store of the definition: the first, or the one that is named', () => {
  expect(chooseStore({}, definition, {}).settings).toEqual({
    type: 's3',
    bucket: 'shop-backups',
    prefix: 'pg',
    region: 'sa-east-1',
    encryption: { type: 'sse-kms', keyId: 'alias/k' },
  })
  expect(chooseStore({ store: 'nas' }, definition, {}).settings).toEqual({ type: 'file', directory: '/mnt/nas' })
  expect(chooseStores({}, definition, {})).toHaveLength(2)
  expect(chooseStores({ store: 'nas' }, definition, {})).toHaveLength(1)
  expect(chooseStores({}, undefined, {})).toEqual([])
})

test.each([
  [{}, 'no store is named'],
  [{ store: 'nas' }, '"nas" is no store URL'],
  [{ store: 's3://bucket', kmsKey: 'k' }, '--kms-key is given without --sse aws:kms'],
  [{ store: 's3://bucket', sse: 'AES256', kmsKey: 'k' }, '--kms-key is given without --sse aws:kms'],
])('without a definition %j is refused', async (options, message) => {
  const failure = await failureFrom(() => chooseStore(options, undefined, {}))
  expect(failure).toMatchObject({ kind: 'config' })
  expect(failure.message).toContain(message)
})

test.each([
  [{ store: 'attic' }, 'the definition has no store "attic"'],
  [{ region: 'x' }, '--region is given, but the store "main" is the definition\'s'],
  [{ store: 'nas', kmsKey: 'k' }, '--kms-key is given, but the store "nas"'],
])('with a definition %j is refused', async (options, message) => {
  const failure = await failureFrom(() => chooseStore(options, definition, {}))
  expect(failure.message).toContain(message)
})

test('databases: --url, else the definition, else the environment', () => {
  const one = (options: object, has: typeof definition | undefined, variables: Record<string, string> = {}) =>
    chooseDatabases(options, has, variables).map(({ name, connection }) => [name, connection.type])
  expect(one({ url: 'postgresql://h/x', database: 'y' }, definition)).toEqual([['y', 'given']])
  expect(one({ all: true }, definition)).toEqual([
    ['shop', 'defined'],
    ['crm', 'defined'],
  ])
  expect(one({ database: 'scratch' }, definition, { DATABASE_URL: 'postgresql://h/x' })).toEqual([['scratch', 'defined']])
  expect(one({}, undefined, { DATABASE_URL: 'postgresql://h/x' })).toEqual([[undefined, 'given']])
  expect(one({ database: 'y' }, undefined, { PGHOST: 'h' })).toEqual([['y', 'given']])
})

test.each([
  [{}, 'the definition has several databases'],
  [{ database: 'nope' }, 'the definition has no database "nope"'],
  [{ all: true, database: 'shop' }, '--all and --database exclude each other'],
  [{ all: true, url: 'postgresql://h/x' }, '--all and --url exclude each other'],
])('with a definition the choice %j is not clear', async (options, message) => {
  expect((await failureFrom(() => chooseDatabases(options, definition, {}))).message).toContain(message)
})

test.each([
  [{}, 'no database is named'],
  [{ all: true }, '--all takes the databases of a definition'],
])('without a definition %j is refused', async (options, message) => {
  expect((await failureFrom(() => chooseDatabases(options, undefined, { DATABASE_URL: '' }))).message).toContain(message)
})

test('a defined connection: every replica in turn, with its secret', async () => {
  const [shop] = chooseDatabases({ database: 'shop' }, definition, {})
  if (shop === undefined) throw new Error('no choice')
  const settings = await connectionSettings(shop, { HOME: '/nonexistent', BACKUP_PASSWORD: "p'w" })
  expect(settings).toMatchObject({
    hosts: [
      { host: '10.0.0.12', port: 5432 },
      { host: '10.0.0.13', port: 5432 },
    ],
    database: 'shop',
    user: 'ballast_backup',
    password: "p'w",
    sslmode: 'verify-full',
    targetSessionAttrs: 'standby',
  })
  const missing = await failureOf(connectionSettings(shop, { HOME: '/nonexistent' }))
  expect(missing.message).toBe('the secret "env BACKUP_PASSWORD" is not set')
})

test('a defined URL that leads to another database is refused', async () => {
  const direct = { type: 'url', url: env('CRM_URL') } as const
  const choice = { name: 'crm', connection: { type: 'defined', name: 'crm', direct } } as const
  const variables = (url: string) => ({ HOME: '/nonexistent', CRM_URL: url })
  expect(await connectionSettings(choice, variables('postgresql://u@h/crm'))).toMatchObject({ database: 'crm' })
  const failure = await failureOf(connectionSettings(choice, variables('postgresql://u:secret@h/other')))
  expect(failure.message).toContain('"crm" has a connection to the database "other"')
  expect(JSON.stringify(failure)).not.toContain('secret@')
})

test('values of pairs are quoted', () => {
  const parts = { type: 'parts', hosts: [{ host: '/run/pg', port: 1 }], user: 'u', password: undefined } as const
  const more = { database: "a'b\\c d", sslmode: 'prefer', sslrootcert: undefined, targetSessionAttrs: 'any' } as const
  expect(connectionPairs({ ...parts, hosts: [...parts.hosts], ...more })).toBe(
    "host='/run/pg' port='1' dbname='a\\'b\\\\c d' user='u' sslmode='prefer' target_session_attrs='any'",
  )
})

test('tuning: options, then the definition, then defaults', () => {
  expect(backupTuning({}, undefined)).toEqual({ workers: 2, compressionLevel: 1, lockWaitSeconds: 30, rolePasswords: false })
  expect(backupTuning({}, definition)).toMatchObject({ workers: 3 })
  expect(backupTuning({ workers: 5, lockWait: '2 min', rolePasswords: true }, definition)).toMatchObject({
    workers: 5,
    lockWaitSeconds: 120,
    rolePasswords: true,
  })
})

test('durations and the limit of a sweep', async () => {
  expect(durationSeconds('--x', '90 min')).toBe(5400)
  expect((await failureFrom(() => durationSeconds('--x', 'soon'))).message).toBe("--x: 'soon' is not a duration")
  expect(sweepLimitSeconds(undefined, undefined)).toBe(172_800)
  expect(sweepLimitSeconds(undefined, definition)).toBe(259_200)
  expect(sweepLimitSeconds('1 hour', definition)).toBe(3600)
  expect((await failureFrom(() => sweepLimitSeconds('59 min', definition))).message).toContain('under an hour')
})

test('cluster and filter', () => {
  expect(clusterName({}, undefined)).toBe('default')
  expect(clusterName({}, definition)).toBe('shop')
  expect(clusterName({ cluster: 'x' }, definition)).toBe('x')
  expect(setFilter({}, undefined)).toEqual({})
  expect(setFilter({ database: 'd' }, definition)).toEqual({ cluster: 'shop', database: 'd' })
})
