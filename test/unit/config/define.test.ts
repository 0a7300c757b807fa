import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import reference from '../../../ballast.config.ts'
import { ConfigError, checkCluster, definitionHash, describeProblem, timetable } from '../../../config/index.ts'
import { changed, sample } from './sample.ts'

function errorOf(raw: unknown, subject?: string): ConfigError {
  try {
    checkCluster(raw, subject)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('the definition was accepted')
}

describe('a bad definition', () => {
  it('lists every problem at once, those of single fields and those between fields', () => {
    const error = errorOf(
      changed(sample, {
        name: 'My Shop',
        'replication.maxLag': '10 XB',
        'nodes[1].adress': 'x',
        'databases[0].pool': { size: 90 },
        'backup.retention.keep': {},
        'backup.copies.to': ['us'],
        'accounts.backup.password': 'hunter2',
      }),
      'ballast.config.ts',
    )
    expect(error.message).toBe(
      [
        'ballast.config.ts has 7 problems:',
        "  name: must be small letters, digits and dashes, at most 40; write e.g. 'shop'",
        '  nodes[1].adress: unknown key; did you mean address?',
        "  replication.maxLag: '10 XB' is not a size; write a number and B, kB, MB, GB, TB or KiB to TiB, e.g. '10 MB'",
        "  accounts.backup.password: is a secret in plain text; write secret('name'), env('NAME') or file('/path') instead",
        '  databases: pools need 95 connections, but only 85 are free (maxConnections 100 - reservedConnections 15); ' +
          'lower pool.size or pool.reserve, or raise postgres.maxConnections to 110',
        "  backup.copies.to[0]: no store is named 'us'; use one of main, nas",
        '  backup.retention.keep: must keep something; add e.g. daily: 7',
      ].join('\n'),
    )
    expect(error.problems).toHaveLength(7)
    expect(error.name).toBe('ConfigError')
  })

  it('names one problem in the singular', () => {
    expect(errorOf(changed(sample, { title: '' })).message).toBe(
      "the cluster definition has 1 problem:\n  title: must be one line of at most 200 characters; write e.g. 'Loja Exemplo'",
    )
  })

  it.each([undefined, null, 5, 'text', [], new Map()])('is refused without a crash when it is %s', (raw) => {
    expect(errorOf(raw).problems.length).toBeGreaterThan(0)
  })

  it('never repeats a secret, wherever it was put', () => {
    for (const path of leafPaths(sample)) {
      const { message } = errorOf(changed(sample, { [path]: 'postgresql://ana:hunter2@db/shop' }))
      expect(message).toContain('holds a password inside a URL')
      expect(message).not.toContain('hunter2')
    }
  })

  it('ends in a ConfigError or is accepted, whatever single value is damaged', { timeout: 120_000 }, () => {
    const paths = [...leafPaths(asInput), ...branchPaths(asInput)]
    const junk = fc.oneof(fc.constantFrom(undefined, null, 0, -1, '', [], {}, true, '0 B'), fc.jsonValue())
    fc.assert(
      fc.property(fc.constantFrom(...paths), junk, fc.constantFrom(...paths), junk, (first, a, second, b) => {
        const raw = second.startsWith(first) ? changed(asInput, { [first]: a }) : changed(asInput, { [first]: a, [second]: b })
        try {
          checkCluster(raw)
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError)
          for (const problem of (error as ConfigError).problems) {
            expect(describeProblem(problem)).toMatch(/^.*: .+; .+$/)
            expect(describeProblem(problem)).not.toMatch(/undefined|\[object/)
          }
        }
      }),
      { numRuns: 1500 },
    )
  })
})

/** The sample with one of everything that rules look at. */
const asInput = changed(sample, {
  allowedRegions: ['sa-east-1', 'us-east-1'],
  timeZone: 'America/Sao_Paulo',
  postgres: {
    maxConnections: 120,
    synchronous: { mode: 'on', standbys: 1 },
    settings: { jit: false },
    tls: { mode: 'require' },
  },
  accounts: { backup: { password: { secret: 'shop/backup' } } },
  pgbouncer: { preparedStatements: 100, settings: { tcp_keepalive: 1 } },
  'backup.stores[2]': {
    type: 's3',
    name: 'us',
    bucket: 'shop-us',
    region: 'us-east-1',
    transitions: [{ after: '30 days', storageClass: 'GLACIER' }],
  },
  'backup.schedule': [{ slot: 'daily', when: 'daily at 03:00', databases: ['shop'] }],
  'backup.pitr': { store: 'main' },
  'backup.fanOut': { pauseReplica: 'db-2' },
  'databases[0].connection': { host: '10.0.0.12', port: 5432 },
  alerts: {
    channels: [{ type: 'webhook', name: 'w', url: 'https://a.example.com', signingKey: { env: 'K' } }],
    critical: ['w'],
  },
  freshness: { maxAge: '30 hours', heartbeat: { url: 'https://hc.example.com/x' } },
  images: {
    builders: { 'amazon-ebs': { sourceAmi: 'ami-0123456789abcdef0', copyTo: [{ region: 'us-east-1', kmsKey: 'alias/k' }] } },
  },
  docker: {
    acme: { email: 'a@example.com' },
    services: [{ type: 'web', name: 'web', image: 'shop:1', hosts: ['a.example.com'], port: 80, environment: { A: 'b' } }],
  },
  loadtests: { targets: { entries: 'https://a.example.com' }, goals: { p95: '100 ms' }, profiles: { stressRate: '60 /s' } },
  handover: { approvers: [{ name: 'Ana', role: 'CTO' }], drills: { skip: ['stress'], schedule: '0 3 1 1,4 *' } },
  runtime: { lambda: { logRetention: '30 days' } },
})

function paths(value: unknown, prefix: string): { path: string; leaf: boolean }[] {
  if (typeof value !== 'object' || value === null) return [{ path: prefix, leaf: true }]
  const inner = Object.entries(value).flatMap(([key, part]) => {
    const step = Array.isArray(value) ? `[${key}]` : `${prefix === '' ? '' : '.'}${key}`
    return paths(part, `${prefix}${step}`)
  })
  return prefix === '' ? inner : [{ path: prefix, leaf: false }, ...inner]
}

function leafPaths(value: unknown): string[] {
  return paths(value, '').flatMap(({ path, leaf }) => (leaf ? [path] : []))
}

function branchPaths(value: unknown): string[] {
  return paths(value, '').flatMap(({ path, leaf }) => (leaf ? [] : [path]))
}

describe('a good definition', () => {
  it('accepts the sample with one of everything', () => {
    expect(() => checkCluster(asInput)).not.toThrow()
  })

  it('turns quantities into numbers with their unit in the name', () => {
    const { replication, loadtests, backup } = checkCluster(sample)
    expect(replication).toMatchObject({ maxLagBytes: 10_000_000, maxLagTimeSeconds: 1, maxConnectionsUsedPercent: 85 })
    expect(loadtests.goals).toMatchObject({ ratePerSecond: 50, p95Ms: 200, minSuccessPercent: 99.9 })
    expect(backup.retention.sweepAfterSeconds).toBe(172_800)
    expect(Object.keys(replication)).not.toContain('maxLag')
  })

  it('connects backups to the replicas, directly', () => {
    expect(checkCluster(sample).databases[0]?.connection).toEqual({
      type: 'parts',
      hosts: [{ host: '10.0.0.12', port: 5432 }],
      database: 'shop',
      user: 'ballast_backup',
      password: undefined,
      sslmode: 'verify-full',
      sslrootcert: undefined,
      targetSessionAttrs: 'standby',
    })
  })

  it('connects backups to the primary, or to what the database says, when told so', () => {
    const primary = checkCluster(changed(sample, { 'backup.source': 'primary', 'postgres.port': 5433 }))
    expect(primary.databases[0]?.connection).toMatchObject({
      hosts: [{ host: '10.0.0.11', port: 5433 }],
      targetSessionAttrs: 'primary',
    })
    const socket = checkCluster(changed(sample, { 'databases[0].connection': { host: '/run/postgresql', port: 5999 } }))
    expect(socket.databases[0]?.connection).toMatchObject({
      hosts: [{ host: '/run/postgresql', port: 5999 }],
      targetSessionAttrs: 'any',
    })
    const url = checkCluster(changed(sample, { 'databases[0].connection': { url: { env: 'SHOP_URL' } } }))
    expect(url.databases[0]?.connection).toEqual({ type: 'url', url: { env: 'SHOP_URL' } })
  })

  it('fills in what follows from the rest', () => {
    const cluster = checkCluster(sample)
    expect(cluster.allowedRegions).toEqual(['sa-east-1'])
    expect(cluster.backup.stores[0]).toMatchObject({ name: 'main', region: 'sa-east-1' })
    expect(cluster.backup.copies.to).toEqual(['nas'])
    expect(cluster.freshness.minCopies).toBe(2)
    expect([cluster.status.store, cluster.alerts.store, cluster.handover.drills.store]).toEqual(['main', 'main', 'main'])
    expect(cluster.nodes.map(({ slot }) => slot)).toEqual([undefined, undefined, 'ballast_db_2'])
    expect(cluster.pgbouncer).toMatchObject({ version: '1.24.1', preparedStatements: 200 })
  })

  it('switches prepared statements off where PgBouncer has none', () => {
    const old = checkCluster(changed(sample, { 'pgbouncer.version': '1.18.0', 'postgres.packages': 'pgdg' }))
    expect(old.pgbouncer.preparedStatements).toBe(0)
  })

  it('is frozen to the last leaf', () => {
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      expect(Object.isFrozen(value)).toBe(true)
      Object.values(value).forEach(visit)
    }
    visit(checkCluster(asInput))
    visit(reference)
  })

  it('leaves what it was given untouched', () => {
    const given = structuredClone(asInput)
    checkCluster(given)
    expect(given).toEqual(asInput)
    expect(Object.isFrozen((given.accounts as { backup: { password: object } }).backup.password)).toBe(false)
  })

  it('lists what runs by itself, and when', () => {
    expect(
      timetable(checkCluster(sample)).map(({ operation, slot, when, databases }) => [operation, slot, when.text, databases]),
    ).toEqual([
      ['backup', 'daily', 'daily at 03:00', ['shop']],
      ['verify', undefined, 'daily at 05:00', undefined],
      ['retention', undefined, 'daily at 07:00', undefined],
      ['copies', undefined, 'every 1 hour', undefined],
      ['replication', undefined, 'every 1 minute', undefined],
      ['freshness', undefined, 'every 1 hour', undefined],
      ['status', undefined, 'every 15 minutes', undefined],
    ])
  })
})

describe('the hash', () => {
  const hash = (changes = {}) => definitionHash(checkCluster(changed(sample, changes)))

  it('is pinned: another value means another meaning, or a change that the changelog must name', () => {
    expect(hash()).toBe('3463fc6fcf2824418a67996343551427606ef8ee197d51c5cf9c37384a4d9794')
  })

  it('does not depend on the order of keys or the way a quantity is written', () => {
    const reversed = Object.fromEntries(Object.entries(sample).reverse())
    expect(definitionHash(checkCluster(reversed))).toBe(hash())
    expect(hash({ 'replication.maxLag': '10000 kB' })).toBe(hash({ 'replication.maxLag': '10 MB' }))
  })

  it('changes with every value, and with the name of a secret', () => {
    const hashes = [
      {},
      { name: 'shop2' },
      { 'replication.maxLag': '11 MB' },
      { 'accounts.backup.password': { env: 'A' } },
      { 'accounts.backup.password': { env: 'B' } },
    ].map(hash)
    expect(new Set(hashes).size).toBe(hashes.length)
    expect(hash()).toMatch(/^[0-9a-f]{64}$/)
  })
})
