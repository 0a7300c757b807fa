import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { outcomeOf, startCli } from '../../support/run-cli.ts'
import { sample } from '../../unit/config/sample.ts'

const directory = mkdtempSync(join(tmpdir(), 'ballast-seed-'))
const config = join(directory, 'cluster.json')
const secret = { env: 'REPLICATION_PASSWORD' }
const env = { REPLICATION_PASSWORD: 'a long secret', MONITOR_PASSWORD: 'another one' }

beforeAll(() => {
  const accounts = { replication: { password: secret }, monitor: { password: { env: 'MONITOR_PASSWORD' } } }
  writeFileSync(config, JSON.stringify({ ...sample, accounts }))
  writeFileSync(join(directory, 'owner'), 'owner secret\n')
})
afterAll(() => rmSync(directory, { recursive: true }))

const runCli = (args: readonly string[], given: Record<string, string>) => startCli(args, given).ended
const seed = (node: string, ...args: string[]) =>
  runCli(['images', 'seed', '--config', config, '--node', node, '--out', join(directory, node), ...args], env)
const written = (node: string, name: string): string => readFileSync(join(directory, node, name), 'utf8')

describe('ballast images seed', () => {
  test('writes three files for the owner alone, and says which secrets are in them, but none of them', async () => {
    const said = await seed('db-1', '--password', `shop_owner=${join(directory, 'owner')}`)
    expect(said.code).toBe(0)
    expect(readdirSync(join(directory, 'db-1')).toSorted()).toEqual(['meta-data', 'network-config', 'user-data'])
    expect(statSync(join(directory, 'db-1')).mode & 0o777).toBe(0o700)
    for (const name of readdirSync(join(directory, 'db-1')))
      expect(statSync(join(directory, 'db-1', name)).mode & 0o777).toBe(0o600)
    expect(said.stdout).toContain(
      'replication-password, ballast_monitor.verifier, ballast_replication.verifier, shop_owner.verifier. Delete it after',
    )
    for (const word of [...Object.values(env), 'owner secret', 'SCRAM-SHA-256'])
      expect(said.stdout + said.stderr).not.toContain(word)
  })

  test('a primary gets verifiers in place of passwords, with a salt of their own each time', async () => {
    const first = written('db-1', 'user-data')
    expect(first).toContain('a long secret')
    for (const word of ['another one', 'owner secret']) expect(first).not.toContain(word)
    expect(first.match(/SCRAM-SHA-256\$4096:/g)).toHaveLength(3)
    await seed('db-1', '--password', `shop_owner=${join(directory, 'owner')}`)
    expect(written('db-1', 'user-data')).not.toBe(first)
  })

  test('a replica gets a fixed address where it is told one', async () => {
    expect((await seed('db-2', '--prefix-length', '24', '--gateway', '10.0.0.1')).code).toBe(0)
    expect(written('db-2', 'network-config')).toContain('10.0.0.12/24')
    expect(written('db-2', 'user-data')).not.toContain('SCRAM')
  })

  test('files that were readable for others before are not afterwards', async () => {
    mkdirSync(join(directory, 'app-1'))
    writeFileSync(join(directory, 'app-1', 'user-data'), 'old', { mode: 0o644 })
    const said = await seed('app-1', '--json')
    expect(outcomeOf(said)).toMatchObject({
      operation: 'images seed',
      subject: 'shop/app-1',
      ok: true,
      numbers: { secrets: 0 },
    })
    expect(statSync(join(directory, 'app-1', 'user-data')).mode & 0o777).toBe(0o600)
  })

  test.each([
    [['db-9'], 'the definition has no node "db-9"', 'Name one of app-1, db-1, db-2.'],
    [['db-1', '--password', 'nobody=/x'], '"nobody=/x" gives no password to an owner of a database', 'with one of shop_owner'],
    [['db-1', '--gateway', '10.0.0.1'], 'without --prefix-length the machine asks by DHCP', 'Give --prefix-length as well'],
    [['db-1', '--prefix-length', '24', '--gateway', 'x'], '"x" is no address', 'Write an IPv4 or IPv6 address.'],
  ])('%j is refused with what to do', async ([node = '', ...args], message, hint) => {
    const said = await seed(node, ...args)
    expect(said.code).toBe(2)
    expect(said.stderr).toContain(message)
    expect(said.stderr).toContain(hint)
  })

  test('a password of which only PostgreSQL can make a verifier is refused, and nothing is written', async () => {
    const out = join(directory, 'none')
    const args = ['images', 'seed', '--config', config, '--node', 'db-1', '--out', out]
    const said = await runCli(args, { ...env, MONITOR_PASSWORD: 'naïve' })
    expect(said.code).toBe(2)
    expect(said.stderr).toContain('the password of ballast_monitor has characters beyond ASCII')
    expect(readdirSync(directory)).not.toContain('none')
  })

  test('a replica without a password for replication is refused', async () => {
    const bare = join(directory, 'bare.json')
    writeFileSync(bare, JSON.stringify(sample))
    const said = await runCli(['images', 'seed', '--config', bare, '--node', 'db-2', '--out', join(directory, 'bare')], env)
    expect(said.code).toBe(2)
    expect(said.stderr).toContain('a replica logs in at its primary as ballast_replication')
  })
})
