import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { askPoolerConsole } from '../../../functions/platform/postgres/pooler-console.ts'
import { openSession } from '../../../functions/platform/postgres/session.ts'
import { start } from '../../../functions/platform/process/start.ts'
import type { Drill } from '../../../handover/drills/drill.ts'
import { portExposure } from '../../../handover/drills/port-exposure.ts'
import { type Rotation, wayOf } from '../../../handover/drills/secret-rotation/rotate-login.ts'
import { rotateUnderLoad, secretRotation } from '../../../handover/drills/secret-rotation.ts'
import { tlsAndPasswords } from '../../../handover/drills/tls-and-passwords.ts'
import type { Site } from '../../../handover/sites/site.ts'
import { Authority } from '../../support/certificates.ts'
import { changedSite } from '../../support/changed-site.ts'
import { measured, useDrillSite } from '../../support/drill-site.ts'
import { drilledCluster } from '../../support/drilled-cluster.ts'
import { evidence, useRehearsal } from '../../support/rehearsed.ts'

/** A client that waits for a server in vain is told so soon. */
const site = useDrillSite(drilledCluster({ 'pgbouncer.queryWait': '5 s' }))
const rehearse = useRehearsal()
const directory = mkdtempSync(join(tmpdir(), 'ballast-access-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** The primary's pg_hba.conf with these lines first, while work is done. */
async function withRules<T>(lines: readonly string[], work: () => Promise<T>): Promise<T> {
  const path = join(site().sandbox.primary.dataDirectory, 'pg_hba.conf')
  const own = readFileSync(path, 'utf8')
  const load = async (text: string) => {
    writeFileSync(path, text)
    await site().sql('db-1', 'SELECT pg_reload_conf()')
  }
  await load(`${lines.join('\n')}\n${own}`)
  try {
    return await work()
  } finally {
    await load(own)
  }
}

test('who proves no password is refused, at the pooler and at the server', async () => {
  const done = await rehearse(site(), tlsAndPasswords)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  const attempts = evidence(done, 'loginAttempts')
  expect(attempts.filter(({ came }) => came === 'letIn').map(({ attempt, through }) => [attempt, through])).toEqual([
    ['rightPassword', 'pooler'],
    ['rightPassword', 'direct'],
  ])
  const atPooler = attempts.filter(({ through }) => through === 'pooler').map(({ attempt }) => attempt)
  expect(atPooler).toEqual(expect.arrayContaining(['wrongPassword', 'expiredRole', 'superuser', 'replicationRole']))
  expect(evidence(done, 'accessRules').map(({ method }) => method)).toEqual(Array(9).fill('scram-sha-256'))
  // The definition asks for TLS, and a sandbox on loopback cannot show it.
  expect(done.record.untested).toHaveLength(2)
  expect(await site().sql('db-1', "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'ballast_drill%'")).toBe('0')
})

test('a line that trusts whoever comes from an address fails it', async () => {
  const done = await withRules(['host all all 127.0.0.1/32 trust'], () => rehearse(site(), tlsAndPasswords))
  expect(done.verdict).toBe('failed')
  expect(measured(done, 'rulesTooOpen')).toMatchObject({ value: 1 })
  expect(done.record.findings).toContain('Line 1 of pg_hba.conf on db-1 lets in from the network by trust')
  expect(done.record.findings).toContain('The attempt wrongPassword at the direct was letIn, and was to be refused')
})

test('a verifier of MD5 fails it', async () => {
  await site().sql('db-1', "SET password_encryption = 'md5'; CREATE ROLE dated LOGIN PASSWORD 'dated'")
  const done = await rehearse(site(), tlsAndPasswords)
  await site().sql('db-1', 'DROP ROLE dated')
  expect(done.verdict).toBe('failed')
  expect(done.record.findings).toEqual(['The verifier of the role dated is not of SCRAM'])
})

/** The server itself offers TLS, and is reached at an address that is not called loopback, though it is. */
async function withTls<T>(rule: string, work: (tls: Site) => Promise<T>): Promise<T> {
  const authority = new Authority(directory, rule.split(' ')[0] ?? '')
  const { cert, key } = await authority.issue('db-1', { commonName: 'db-1' }, true)
  const data = site().sandbox.primary.dataDirectory
  writeFileSync(join(data, 'drill.crt'), readFileSync(cert))
  await site().sql('db-1', `ALTER SYSTEM SET ssl_cert_file = 'drill.crt'; ALTER SYSTEM SET ssl_key_file = '${key}'`)
  await site().sql('db-1', 'ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()')
  const reach: Site['reach'] = async (node, through) => {
    const own = await site().reach(node, through)
    return through === 'direct' ? { ...own, host: '0.0.0.0', sslmode: 'require' } : own
  }
  try {
    return await withRules([rule, 'host all ballast_drill 127.0.0.1/32 reject'], () => work(changedSite(site(), { reach })))
  } finally {
    await site().sql('db-1', 'ALTER SYSTEM RESET ssl; ALTER SYSTEM RESET ssl_cert_file; ALTER SYSTEM RESET ssl_key_file')
    await site().sql('db-1', 'SELECT pg_reload_conf()')
  }
}

test('a login without TLS is refused where the server lets in under TLS alone', async () => {
  const done = await withTls('hostssl all ballast_drill 127.0.0.1/32 scram-sha-256', (tls) => rehearse(tls, tlsAndPasswords))
  const plain = evidence(done, 'loginAttempts').filter(({ attempt }) => attempt === 'withoutTls')
  expect(plain).toMatchObject([{ through: 'direct', expected: 'refused', came: 'refused' }])
  expect(plain[0]?.message).toMatch(/no encryption|pg_hba\.conf rejects/)
})

test('a login without TLS that is let in fails it', async () => {
  const done = await withTls('host all ballast_drill 127.0.0.1/32 scram-sha-256', (tls) => rehearse(tls, tlsAndPasswords))
  expect(done.verdict).toBe('failed')
  expect(done.record.findings).toContain('The attempt withoutTls at the direct was letIn, and was to be refused')
})

test('passwords are changed under clients that run, and not one request fails', async () => {
  const done = await rehearse(site(), secretRotation)
  expect([done.record.findings, done.record.reason, done.verdict]).toEqual([[], undefined, 'passed'])
  expect(measured(done, 'requestsLost')).toMatchObject({ value: 0 })
  expect(measured(done, 'oldPasswordsAccepted')).toMatchObject({ value: 0, samples: 2 })
  expect(measured(done, 'runsFailed')).toMatchObject({ value: 0 })
  const rotated = done.record.events.filter(({ key }) => key === 'passwordRotated').map(({ detail }) => detail)
  expect(rotated).toEqual(['ballast_monitor', 'ballast_backup'])
  expect(evidence(done, 'rotationPhases').map(({ phase }) => phase)).toEqual(['before', 'bothGood', 'moving', 'firstClosed'])
  for (const { requests } of evidence(done, 'rotationPhases')) expect(Number(requests)).toBeGreaterThan(0)
  const [server] = await site().monitors('server')
  const [pooler] = await site().monitors('pooler')
  if (server === undefined || pooler === undefined) throw new Error('a sandbox has both')
  await (await openSession(server.settings)).close()
  const asked = () =>
    askPoolerConsole(pooler.settings, 'SHOW POOLS', { applicationName: 'test', signal: AbortSignal.timeout(5_000) })
  await expect.poll(() => asked().then(() => 'answered', String)).toBe('answered')
})

test('a password that is changed in place fails requests, and the drill', async () => {
  const inPlace: Rotation = async (scene, first, clients) => {
    const changed = { ...first, password: 'another0another0another0' }
    await site().sql('db-1', `ALTER ROLE ${first.user} PASSWORD '${changed.password}'`)
    await clients.move(await wayOf(scene, changed), 300)
    return first
  }
  const drill: Drill = { ...secretRotation, run: (scene) => rotateUnderLoad(scene, inPlace) }
  const done = await rehearse(site(), drill)
  expect(done.verdict).toBe('failed')
  expect(measured(done, 'requestsLost')?.value).toBeGreaterThan(0)
  expect(done.record.findings.join()).toMatch(/A request failed: .*authentication failed/)
})

test('a password that is changed in place fails clients that stay connected, once the pool needs another server', async () => {
  const { sandbox } = site()
  const [login, next] = ['kept0kept0kept0kept0kept', 'next0next0next0next0next']
  await site().sql('db-1', `CREATE ROLE kept LOGIN PASSWORD '${login}'`)
  const { port } = sandbox.pgbouncer
  const kept = await openSession(resolveConnection(`postgresql://kept:${login}@127.0.0.1:${port}/shop`, {}))
  try {
    await kept.query('SELECT 1')
    await site().sql('db-1', `ALTER ROLE kept PASSWORD '${next}'`)
    await site().sql('db-1', "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'kept'")
    await expect(kept.query('SELECT 1')).rejects.toThrow('query_wait_timeout')
    expect(readFileSync(sandbox.primary.logFile, 'utf8')).toContain('password authentication failed for user "kept"')
  } finally {
    await kept.close()
    await site().sql('db-1', 'DROP ROLE kept')
  }
})

test('a sandbox listens on loopback alone, and shows nothing of a firewall', async () => {
  const done = await rehearse(site(), portExposure)
  expect([done.record.findings, done.verdict]).toEqual([[], 'passed'])
  const { primary, standbys, pgbouncer, s3 } = site().sandbox
  const ports = [primary.port, ...standbys.map(({ port }) => port), pgbouncer.port, Number(new URL(s3.endpoint).port)]
  const listening = evidence(done, 'listeningSockets')
  expect(listening.map(({ port }) => Number(port)).sort()).toEqual(ports.sort())
  expect(new Set(listening.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']))
  expect(done.record.measurements.map(({ key }) => key)).toEqual(['socketsBeyondLoopback'])
  expect(done.record.untested).toEqual([expect.stringMatching(/^What the firewall of each machine opens/)])
})

test('a program that listens beyond loopback fails it', async () => {
  const listen = "const s = require('net').createServer().listen(0, '0.0.0.0', () => console.log(s.address().port))"
  const child = start({ command: process.execPath, args: ['-e', listen], env: {}, cwd: site().sandbox.directory })
  try {
    await once(child.stdout, 'data')
    const done = await rehearse(site(), portExposure)
    expect(done.verdict).toBe('failed')
    expect(measured(done, 'socketsBeyondLoopback')).toMatchObject({ value: 1 })
  } finally {
    child.kill()
    await child.done.catch(() => undefined)
  }
})

test('ports are tried, and one that answers to the wrong people fails it', async () => {
  const { primary, pgbouncer } = site().sandbox
  const nobody = 1
  const probed = { node: 'db-1', address: '127.0.0.1', speaker: 'app', ports: [nobody, pgbouncer.port, primary.port] } as const
  const asMeant = changedSite(site(), { ports: async () => [{ ...probed, open: [pgbouncer.port, primary.port] }] })
  const well = await rehearse(asMeant, portExposure)
  expect([well.record.findings, well.verdict, well.record.untested]).toEqual([[], 'passed', undefined])
  expect(measured(well, 'portsTried')).toMatchObject({ value: 3 })

  const tooOpen = changedSite(site(), { ports: async () => [{ ...probed, open: [pgbouncer.port] }] })
  const done = await rehearse(tooOpen, portExposure)
  expect(done.verdict).toBe('failed')
  expect(done.record.findings).toEqual([`Port ${primary.port} of db-1 (127.0.0.1) is open to app, and is to be shut`])
})
