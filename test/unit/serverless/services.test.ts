import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { type ClusterInput, defineCluster, env, loadCluster, secret } from '../../../config/index.ts'
import { handlerSource, lambdaOperations } from '../../../serverless/functions.ts'
import { lambdaProblems } from '../../../serverless/problems.ts'
import { renderServices } from '../../../serverless/render.ts'
import { sample } from '../config/sample.ts'

const root = join(import.meta.dirname, '../../..')
const reference = () => loadCluster(join(root, 'ballast.config.ts'))

type Template = Record<string, { Type: string; Properties: Record<string, unknown> }>

function resourcesOf(input: ClusterInput, path = 'serverless.yml'): Template {
  const file = renderServices(defineCluster(input), 'ballast.config.ts').files.find((one) => one.path === path)
  return parse(file?.text ?? '').resources.Resources
}

const main = { type: 's3' as const, name: 'main', bucket: 'shop-backups', prefix: 'pg' }

function withStores(stores: ClusterInput['backup']['stores']): ClusterInput {
  const input = structuredClone(sample) as unknown as ClusterInput
  return { ...input, allowedRegions: ['sa-east-1', 'us-east-1'], backup: { ...input.backup, stores } }
}

test('the committed files are what the reference definition makes, byte for byte', async () => {
  for (const { path, text } of renderServices(await reference(), 'ballast.config.ts').files) {
    expect(readFileSync(join(root, path), 'utf8'), path).toBe(text)
  }
})

test('every function has a handler of its own beside its operation', () => {
  for (const operation of lambdaOperations) {
    expect(existsSync(join(root, handlerSource(operation))), operation).toBe(true)
  }
})

test('nothing of a secret is in what is rendered but its name', async () => {
  const [file] = renderServices(await reference(), 'ballast.config.ts').files
  expect(file?.text).toContain('secret:shop/slack-webhook-??????')
  expect(file?.text).not.toContain('env:SECOND')
})

test('a store that is not on Amazon, or has keys of its own, gives the stack nothing to make and the roles nothing to allow', () => {
  const keys = { accessKeyId: secret('a'), secretAccessKey: secret('b') }
  const elsewhere = { ...main, endpoint: 'https://nyc3.digitaloceanspaces.com', credentials: keys }
  const resources = resourcesOf(withStores([elsewhere]))
  expect(Object.values(resources).filter(({ Type }) => Type.startsWith('AWS::S3::'))).toEqual([])
  expect(JSON.stringify(resources)).not.toContain('s3:')
})

test('a bucket follows the definition: lock, classes, and replication with a role of its own', () => {
  const resources = resourcesOf(
    withStores([
      {
        ...main,
        objectLock: { mode: 'compliance', retain: '7 days' },
        transitions: [
          { after: '30 days', storageClass: 'STANDARD_IA' },
          { after: '90 days', storageClass: 'DEEP_ARCHIVE' },
        ],
        replicateTo: 'far',
      },
      { ...main, name: 'far', bucket: 'shop-backups-us', region: 'us-east-1', storageClass: 'GLACIER_IR' },
    ]),
  )
  expect(resources.MainBucket?.Properties).toMatchObject({
    BucketName: 'shop-backups',
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } },
    LifecycleConfiguration: {
      Rules: [
        { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 } },
        {
          Transitions: [
            { StorageClass: 'STANDARD_IA', TransitionInDays: 30 },
            { StorageClass: 'DEEP_ARCHIVE', TransitionInDays: 90 },
          ],
        },
      ],
    },
    ReplicationConfiguration: {
      Role: { 'Fn::GetAtt': ['MainReplicationRole', 'Arn'] },
      Rules: [{ Destination: { StorageClass: 'GLACIER_IR' }, DeleteMarkerReplication: { Status: 'Disabled' } }],
    },
  })
  expect(resources.MainReplicationRole?.Type).toBe('AWS::IAM::Role')
  expect(resources.FarBucket).toBeUndefined()
  expect(
    Object.keys(
      resourcesOf(
        withStores([main, { ...main, name: 'far', bucket: 'b-us', region: 'us-east-1' }]),
        'serverless.us-east-1.yml',
      ),
    ),
  ).toEqual(['FarBucket', 'FarBucketPolicy'])
})

test('schedules have names of their own, however long those of the cluster and its slots are', () => {
  const input = structuredClone(sample) as unknown as ClusterInput
  const name = 'c'.repeat(40)
  const schedule = ['first', 'second'].map((end) => ({ slot: `nightly-of-the-databases-${end}`, when: 'daily at 03:00' }))
  const resources = resourcesOf({ ...input, name, backup: { ...input.backup, schedule } })
  const names = Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Scheduler::Schedule' ? [String(Properties.Name)] : [],
  )
  expect(names.filter((one) => !/^[\w.-]{1,64}$/.test(one))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
  expect(names).toContain(`ballast-${name}-freshness`)
})

test('every function that should run within a week is missed when it does not', () => {
  const input = structuredClone(sample) as unknown as ClusterInput
  const resources = resourcesOf({ ...input, freshness: { schedule: 'every 15 minutes' } })
  const periods = (id: string) => {
    const { Period, EvaluationPeriods, DatapointsToAlarm, TreatMissingData } = resources[id]?.Properties ?? {}
    return { Period, EvaluationPeriods, DatapointsToAlarm, TreatMissingData }
  }
  const missing = { TreatMissingData: 'breaching' }
  expect(periods('FreshnessSilenceAlarm')).toEqual({ Period: 900, EvaluationPeriods: 3, DatapointsToAlarm: 3, ...missing })
  expect(periods('VerifySilenceAlarm')).toEqual({ Period: 3600, EvaluationPeriods: 25, DatapointsToAlarm: 25, ...missing })
})

test('what functions cannot work with is listed by its path, all at once', () => {
  const cluster = defineCluster({
    ...withStores([main, { ...main, name: 'far', bucket: 'b-us', region: 'us-east-1', credentials: { profile: 'backup' } }]),
    freshness: { heartbeat: { url: env('HEARTBEAT') } },
    handover: { drills: { restoreTest: 'monthly on 1 at 09:00' } },
    alerts: {
      channels: [
        {
          ...{ type: 'email', name: 'mail', from: 'a@example.com', to: ['b@example.com'] },
          smtp: { host: 'smtp.example.com', rootCertificate: '/etc/ballast/smtp.crt' },
        },
      ],
    },
  })
  expect(
    lambdaProblems(cluster)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['alerts.channels[0].smtp.rootCertificate', "backup.stores['far'].credentials.profile", 'freshness.heartbeat.url'])
  const records = { type: 'file' as const, name: 'nas', directory: '/mnt/nas' }
  const drills = { drills: { restoreTest: 'monthly on 1 at 09:00', store: 'nas' } }
  expect(lambdaProblems(defineCluster({ ...withStores([main, records]), handover: drills }))).toMatchObject([
    { path: 'handover.drills.store', rule: expect.stringContaining('is a directory') },
  ])
  const unasked = { drills: { store: 'nas' } }
  expect(lambdaProblems(defineCluster({ ...withStores([main, records]), handover: unasked }))).toEqual([])
  const onNas = defineCluster(withStores([{ type: 'file', name: 'nas', directory: '/mnt/nas' }]))
  expect(lambdaProblems(onNas)).toMatchObject([{ path: 'backup.stores[0]', rule: expect.stringContaining('is a directory') }])
})
