import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { defineCluster, secret } from '../../../config/index.ts'
import { listSets } from '../../../functions/archive/catalogue.ts'
import { scheduledBackup } from '../../../functions/backup/scheduled-backup.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { withFreshSecrets } from '../../../functions/platform/secrets/fresh-secrets.ts'
import { readSecret } from '../../../functions/platform/secrets/read-secret.ts'
import { forgetManagedSecrets } from '../../../functions/platform/secrets/secrets-manager.ts'
import { failureOf } from '../../support/failures.ts'
import { type Moto, startMoto } from '../../support/moto.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { SqlSession } from '../../support/sql-session.ts'

let moto: Moto
const env = { AWS_REGION: 'us-east-1' }

beforeAll(async () => {
  moto = await startMoto()
  process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = moto.endpoint
})

afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER
  await moto?.stop()
})

/** Calls Secrets Manager as any client would. */
async function call(action: string, input: object, region = 'us-east-1'): Promise<Record<string, string>> {
  const answer = await fetch(moto.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAMOTO/20261125/${region}/secretsmanager/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  })
  if (!answer.ok) throw new Error(`${action}: ${await answer.text()}`)
  return (await answer.json()) as Record<string, string>
}

async function create(name: string, value: string, region?: string): Promise<string> {
  return (await call('CreateSecret', { Name: name, SecretString: value }, region)).ARN ?? ''
}

describe('a secret of AWS Secrets Manager', () => {
  it('is the text, or a field of it', async () => {
    await create('plain', 's3cret')
    await create('json', JSON.stringify({ user: 'a', password: 'p-1', port: 5432 }))
    expect(await readSecret(secret('plain'), env)).toBe('s3cret')
    expect(await readSecret(secret('json', 'password'), env)).toBe('p-1')
    expect(await readSecret(secret('json', 'port'), env)).toBe('5432')
  })

  it('is looked for in the region of its ARN, else in the one of the environment', async () => {
    const arn = await create('far', 'abroad', 'eu-west-1')
    expect(arn).toContain(':eu-west-1:')
    expect(await readSecret(secret(arn), env)).toBe('abroad')
    expect(await readSecret(secret('far'), { AWS_REGION: 'eu-west-1' })).toBe('abroad')
    expect(await failureOf(readSecret(secret('far'), env))).toMatchObject({ kind: 'config', code: 'ResourceNotFoundException' })
  })

  it.each<[string, string | undefined, string | undefined, RegExp]>([
    ['does not exist', undefined, undefined, /does not exist in AWS Secrets Manager/],
    ['is no JSON', 'hush-hush', 'password', /is no JSON/],
    ['lacks the field', '{"user":"hush-hush"}', 'password', /no text under the key "password"/],
    ['has an inherited name for a field', '{"user":"hush-hush"}', 'constructor', /no text under the key "constructor"/],
  ])('that %s is said, with what to do and without its value', async (fault, value, key, message) => {
    const name = fault.replaceAll(' ', '-')
    if (value !== undefined) await create(name, value)
    const failure = await failureOf(readSecret(secret(name, key), env))
    expect(failure).toMatchObject({
      kind: 'config',
      message: expect.stringMatching(message),
      subject: expect.stringContaining(name),
    })
    expect(failure.hint).not.toBe('')
    expect(JSON.stringify([failure.message, failure.hint, String(failure.cause)])).not.toContain('hush-hush')
  })

  it('is the current version, from memory until it is forgotten', async () => {
    await create('rotated', 'old')
    expect(await readSecret(secret('rotated'), env)).toBe('old')
    await call('PutSecretValue', { SecretId: 'rotated', SecretString: 'pending', VersionStages: ['AWSPENDING'] })
    forgetManagedSecrets(Date.now() + 1)
    expect(await readSecret(secret('rotated'), env)).toBe('old')
    await call('PutSecretValue', { SecretId: 'rotated', SecretString: 'new' })
    expect(await readSecret(secret('rotated'), env)).toBe('old')
    expect(forgetManagedSecrets(0)).toBe(false)
    expect(forgetManagedSecrets(Date.now() + 1)).toBe(true)
    expect(await readSecret(secret('rotated'), env)).toBe('new')
  })
})

test('work is done again once, and only where credentials from memory were refused', async () => {
  const refused = async (): Promise<never> => {
    calls += 1
    const { Failure } = await import('../../../functions/platform/failure.ts')
    throw new Failure('no', { kind: 'permanent', subject: 's', hint: 'h', code: calls > 2 ? '53300' : '28P01' })
  }
  let calls = 0
  forgetManagedSecrets(Date.now() + 1)
  expect(await failureOf(withFreshSecrets(refused))).toMatchObject({ code: '28P01' })
  expect(calls).toBe(1)
  await readSecret(secret('plain'), env)
  await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await failureOf(withFreshSecrets(refused))).toMatchObject({ code: '53300' })
  expect(calls).toBe(3)
})

describe('a password that is rotated between two runs of one process', () => {
  let postgres: OwnPostgres
  let admin: SqlSession
  let directory = ''

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ballast-rotation-'))
    postgres = await startOwnPostgres({}, ['local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'])
    admin = await SqlSession.open(postgres.url())
    await admin.run("CREATE ROLE keeper SUPERUSER LOGIN PASSWORD 'first'; CREATE ROLE shop_owner")
    await admin.run('CREATE DATABASE shop OWNER shop_owner')
  })

  afterAll(async () => {
    await admin?.close()
    await postgres?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  it('needs no restart: the second run fetches the new one', async () => {
    await create('shop/backup', JSON.stringify({ password: 'first' }))
    const cluster = defineCluster({
      ...{ name: 'shop', region: 'us-east-1' },
      nodes: [
        { name: 'app-1', role: 'docker', address: '10.0.0.10' },
        { name: 'db-1', role: 'primary', address: '10.0.0.11' },
      ],
      databases: [
        {
          ...{ name: 'shop', owner: 'shop_owner' },
          connection: {
            host: '127.0.0.1',
            port: postgres.port,
            user: 'keeper',
            password: secret('shop/backup', 'password'),
            sslmode: 'disable',
          },
        },
      ],
      firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
      backup: { source: 'primary', stores: [{ type: 'file', name: 'disk', directory }], retention: { keep: { daily: 30 } } },
    })
    const runAt = (minute: string) =>
      scheduledBackup({
        ...{ cluster, slot: 'daily', dueMs: Date.parse(`2026-11-25T06:${minute}:00Z`), signal: new AbortController().signal },
        ...{ env: { ...process.env, AWS_REGION: 'us-east-1' }, note: () => undefined },
      })
    expect(await runAt('00')).toMatchObject({ ok: true })
    await admin.run("ALTER ROLE keeper PASSWORD 'second'")
    await call('PutSecretValue', { SecretId: 'shop/backup', SecretString: JSON.stringify({ password: 'second' }) })
    expect(await runAt('01')).toMatchObject({ ok: true })

    await admin.run("ALTER ROLE keeper PASSWORD 'third'")
    expect(await runAt('02')).toMatchObject({ ok: false, failure: { code: '28P01' } })
    const sets = await listSets(openStore({ type: 'file', directory }), {})
    expect(sets.map(({ state, address }) => `${state} ${address.set.slice(19)}`)).toEqual([
      'complete daily-20261125t0600z',
      'complete daily-20261125t0601z',
    ])
  })
})
