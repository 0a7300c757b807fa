import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Failure } from '../../../functions/platform/failure.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { toolEnvironment } from '../../../functions/platform/postgres/tool-environment.ts'
import { Authority, type Certificate, type CertificateWish } from '../../support/certificates.ts'
import { failureOf } from '../../support/failures.ts'
import { type OwnPostgres, startOwnPostgres } from '../../support/own-postgres.ts'
import { askPsql } from '../../support/stock-psql.ts'

const IS_ENCRYPTED = 'SELECT ssl::text AS answer FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()'
const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const

/** What the server presents: one of these certificates, or no TLS at all. */
const SERVERS = [
  'good',
  'wrong name',
  'name in CN only',
  'address in CN only',
  'wildcard',
  'expired',
  'other authority',
  'none',
] as const
type ServerName = (typeof SERVERS)[number]

const WISHES: Record<Exclude<ServerName, 'none'>, CertificateWish> = {
  good: { commonName: 'ignored.example', alternativeNames: 'DNS:db.example.test,IP:127.0.0.1' },
  'wrong name': { commonName: 'db.example.test', alternativeNames: 'DNS:elsewhere.example.test' },
  'name in CN only': { commonName: 'DB.example.test' },
  'address in CN only': { commonName: '127.0.0.1' },
  wildcard: { commonName: 'x', alternativeNames: 'DNS:*.example.test' },
  expired: { commonName: 'db.example.test', alternativeNames: 'DNS:db.example.test', expired: true },
  'other authority': { commonName: 'db.example.test', alternativeNames: 'DNS:db.example.test' },
}

const HBA = [
  'local all all trust',
  'hostssl all tlsonly 127.0.0.1/32 trust',
  'host all tlsonly 127.0.0.1/32 reject',
  'hostnossl all plainonly 127.0.0.1/32 trust',
  'host all plainonly 127.0.0.1/32 reject',
  'hostssl all scrammed 127.0.0.1/32 scram-sha-256',
  'hostssl all certified 127.0.0.1/32 cert',
  'host all certified 127.0.0.1/32 reject',
  'host all all 127.0.0.1/32 trust',
]

let directory: string
let authority: Authority
let client: Certificate
let server: OwnPostgres
const certificates = new Map<ServerName, Certificate>()

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ballast-tls-'))
  chmodSync(directory, 0o755)
  authority = new Authority(directory, 'ours')
  const other = new Authority(directory, 'other')
  client = await authority.issue('client', { commonName: 'certified' })
  for (const [name, wish] of Object.entries(WISHES) as [Exclude<ServerName, 'none'>, CertificateWish][]) {
    const signer = name === 'other authority' ? other : authority
    certificates.set(name, await signer.issue(name.replaceAll(' ', '-'), wish, true))
  }
  server = await startOwnPostgres({ ssl_ca_file: authority.root }, HBA)
  for (const role of ['tlsonly', 'plainonly', 'certified']) await admin(`CREATE ROLE ${role} LOGIN`)
  await admin(`CREATE ROLE scrammed LOGIN PASSWORD 'right'`)
}, 120_000)

afterAll(async () => {
  await server?.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function admin(sql: string): Promise<string> {
  const answer = await askPsql(server.psql, server.url(), sql, {})
  if (!answer.ok) throw new Error(answer.error)
  return answer.text
}

/** Gives the server this certificate; new connections have it once their backend has read the new settings. */
async function present(name: ServerName): Promise<void> {
  const certificate = certificates.get(name)
  const before = await admin('SELECT pg_conf_load_time()')
  if (certificate) {
    await admin(`ALTER SYSTEM SET ssl_cert_file = '${certificate.cert}'`)
    await admin(`ALTER SYSTEM SET ssl_key_file = '${certificate.key}'`)
  }
  await admin(`ALTER SYSTEM SET ssl = ${certificate ? 'on' : 'off'}`)
  await admin('SELECT pg_reload_conf()')
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await admin('SELECT pg_conf_load_time()')) !== before) return
  }
  throw new Error(`the server did not take the certificate: ${await server.logTail()}`)
}

/** `true` encrypted, `false` in the clear, `refused` no connection; by our session, by psql, and by psql in our tools' environment. */
async function answers(conninfo: string): Promise<{ ours: string; psql: string; tool: string }> {
  const env = { HOME: directory }
  const settings = resolveConnection(conninfo, env)
  const ours = await openSession(settings).then(
    async (session) => {
      const [row] = await session.query<{ answer: string }>(IS_ENCRYPTED)
      await session.close()
      return row?.answer ?? 'nothing'
    },
    (error) => (error instanceof Failure ? 'refused' : Promise.reject(error)),
  )
  const stock = await askPsql(server.psql, conninfo, IS_ENCRYPTED, env)
  const made = await toolEnvironment(settings, directory)
  const tool = await askPsql(server.psql, '', IS_ENCRYPTED, made.env)
  await made.dispose()
  return { ours, psql: stock.ok ? stock.text : 'refused', tool: tool.ok ? tool.text : 'refused' }
}

const conninfoOf = (rest: string, host = 'db.example.test'): string =>
  `host=${host} hostaddr=127.0.0.1 port=${server.port} dbname=postgres ${rest}`

describe('every sslmode ends as it does with psql', () => {
  test.each(SERVERS)('server certificate: %s', async (name) => {
    await present(name)
    for (const root of ['', `sslrootcert=${authority.root}`, 'sslrootcert=/nowhere/root.crt']) {
      for (const mode of MODES) {
        const conninfo = conninfoOf(`user=postgres sslmode=${mode} ${root}`)
        const { ours, psql, tool } = await answers(conninfo)
        expect({ conninfo, ours, tool }).toEqual({ conninfo, ours: psql, tool: psql })
      }
    }
  })

  test.each(['tlsonly', 'plainonly', 'certified'])('user %s, whom only some encryption lets in', async (user) => {
    await present('good')
    for (const mode of MODES) {
      const conninfo = conninfoOf(`user=${user} sslmode=${mode} sslrootcert=${authority.root}`)
      const { ours, psql, tool } = await answers(conninfo)
      expect({ conninfo, ours, tool }).toEqual({ conninfo, ours: psql, tool: psql })
    }
  })

  test.each(['127.0.0.1', 'deep.db.example.test', 'example.test', 'DB.EXAMPLE.TEST'])('host written as %s', async (host) => {
    for (const name of ['good', 'name in CN only', 'address in CN only', 'wildcard'] as const) {
      await present(name)
      const conninfo = conninfoOf(`user=postgres sslmode=verify-full sslrootcert=${authority.root}`, host)
      const { ours, psql, tool } = await answers(conninfo)
      expect({ name, ours, tool }).toEqual({ name, ours: psql, tool: psql })
    }
  })

  test('a client certificate, and one whose key is missing', async () => {
    await present('good')
    const withKey = conninfoOf(`user=certified sslmode=require sslcert=${client.cert} sslkey=${client.key}`)
    expect(await answers(withKey)).toEqual({ ours: 'true', psql: 'true', tool: 'true' })
    const without = conninfoOf(`user=certified sslmode=require sslcert=${client.cert} sslkey=/nowhere`)
    expect(await answers(without)).toEqual({ ours: 'refused', psql: 'refused', tool: 'refused' })
    const neither = conninfoOf('user=postgres sslmode=require sslcert=/nowhere')
    expect(await answers(neither)).toEqual({ ours: 'true', psql: 'true', tool: 'true' })
  })

  test.each([0o600, 0o640, 0o604, 0o660])('a client key with mode %o', async (mode) => {
    await present('good')
    const key = join(directory, 'key')
    copyFileSync(client.key, key)
    chmodSync(key, mode)
    const { ours, psql, tool } = await answers(
      conninfoOf(`user=certified sslmode=require sslcert=${client.cert} sslkey=${key}`),
    )
    expect({ ours, tool }).toEqual({ ours: psql, tool: psql })
  })

  test.each(['prefer', 'disable'])('SCRAM over TLS, with channel_binding=%s', async (binding) => {
    await present('good')
    const right = conninfoOf(`user=scrammed password=right sslmode=require channel_binding=${binding}`)
    expect(await answers(right)).toEqual({ ours: 'true', psql: 'true', tool: 'true' })
    const wrong = conninfoOf(`user=scrammed password=wrong sslmode=require channel_binding=${binding}`)
    expect(await answers(wrong)).toEqual({ ours: 'refused', psql: 'refused', tool: 'refused' })
  })

  test('a Unix socket never speaks TLS, whatever the mode', async () => {
    await present('good')
    const conninfo = `host=${server.socketDirectory} port=${server.port} user=postgres dbname=postgres sslmode=verify-full sslrootcert=/nowhere`
    expect(await answers(conninfo)).toEqual({ ours: 'false', psql: 'false', tool: 'false' })
  })
})

describe('the outcomes are not all the same', () => {
  test.each([
    ['good', 'verify-full', 'true'],
    ['wrong name', 'verify-full', 'refused'],
    ['wrong name', 'verify-ca', 'true'],
    ['expired', 'require', 'refused'],
    ['other authority', 'verify-ca', 'refused'],
    ['other authority', 'prefer', 'false'],
    ['none', 'prefer', 'false'],
    ['none', 'require', 'refused'],
  ] as const)('%s with %s: %s', async (name, mode, expected) => {
    await present(name)
    const conninfo = conninfoOf(`user=postgres sslmode=${mode} sslrootcert=${authority.root}`)
    expect((await answers(conninfo)).ours).toBe(expected)
  })
})

describe('a refusal says what to do', () => {
  const refusal = async (name: ServerName, rest: string): Promise<Failure> => {
    await present(name)
    return await failureOf(openSession(resolveConnection(conninfoOf(`user=postgres ${rest}`), { HOME: directory })))
  }

  test('an expired certificate', async () => {
    expect(await refusal('expired', `sslmode=verify-ca sslrootcert=${authority.root}`)).toMatchObject({
      kind: 'config',
      code: 'TLS_FAILED',
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
    })
  })

  test('another host name', async () => {
    expect(await refusal('wrong name', `sslmode=verify-full sslrootcert=${authority.root}`)).toMatchObject({
      code: 'TLS_FAILED',
      message: expect.stringContaining('elsewhere.example.test'),
    })
  })

  test('no TLS at the server', async () => {
    expect(await refusal('none', 'sslmode=require')).toMatchObject({ kind: 'config', code: 'TLS_NOT_OFFERED' })
  })

  test('no root certificates to verify against', async () => {
    expect(await refusal('good', 'sslmode=verify-full')).toMatchObject({
      kind: 'config',
      message: expect.stringContaining('does not exist'),
    })
  })
})
