import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Check } from '../../../functions/platform/check.ts'
import { roles } from '../../../sandbox/data.ts'
import { freePorts } from '../../../sandbox/free-port.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts'
import { definitionOf } from '../../support/watched-cluster.ts'
import { changed } from '../../unit/config/sample.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ MONITOR_PASSWORD: sandbox.data.passwords[roles.monitor] ?? '' }))
const proxies: TcpProxy[] = []

/** Every node has an address of its own and all have the same ports, as machines do. */
beforeAll(async () => {
  const [port = 0, poolerPort = 0] = await freePorts(2)
  const ports = [
    { host: '127.0.0.11', at: port, to: sandbox.primary.port },
    { host: '127.0.0.12', at: port, to: sandbox.standby.port },
    { host: '127.0.0.11', at: poolerPort, to: sandbox.pgbouncer.port },
    { host: '127.0.0.12', at: poolerPort, to: sandbox.pgbouncer.port },
  ]
  for (const { host, at, to } of ports) {
    proxies.push(await startTcpProxy({ host: '127.0.0.1', port: to }, { host, port: at }))
  }
  const well = {
    ...definitionOf(1),
    postgres: { version: 15, packages: 'pgdg', port, tls: { mode: 'disable' } },
    pgbouncer: { version: '1.18.0', port: poolerPort },
    accounts: { monitor: { password: { env: 'MONITOR_PASSWORD' } } },
  }
  const kept = (name: string) => changed(well, { 'backup.stores[0].directory': join(cli.directory(), name) })
  await define('well', kept('kept'))
  await define('away', kept('away'))
  const unknown = { name: 'standby-9', role: 'replica', address: '127.0.0.13' }
  await define('unknown', changed(well, { 'nodes[2]': unknown }))
  await define(
    'swapped',
    changed(well, {
      'nodes[0].role': 'replica',
      'nodes[0].slot': 'primary',
      'nodes[1].role': 'primary',
      'nodes[1].slot': undefined,
    }),
  )
})

afterAll(() => Promise.all(proxies.map((proxy) => proxy.stop())))

const file = (name: string) => join(cli.directory(), `${name}.json`)
const define = (name: string, definition: unknown) => writeFile(file(name), JSON.stringify(definition))
const checksOf = (details: unknown) => (details as { checks: Check[] }).checks

test('replication that is well: exit code 0, a line for each thing that was looked at', async () => {
  const { code, stdout } = await cli.run(['check', 'replication', '--config', file('well')])
  expect(stdout).toMatch(/^primary\n {2}ok +primary +takes writes, on timeline 1/)
  expect(stdout).toMatch(/ok +standby +streams from primary through standby/)
  expect(stdout).toContain('All is well')
  expect(code).toBe(0)
})

test('how far each replica is behind is in the outcome', async () => {
  const { code, outcome } = await cli.outcome(['check', 'replication', '--config', file('well')])
  expect(code).toBe(0)
  expect(outcome).toMatchObject({ ok: true, details: { lags: [{ node: 'standby', lag: { bytes: expect.any(Number) } }] } })
})

test('as the schedule has it: servers and poolers, and each poll leaves what the next one needs', async () => {
  const args = ['run', 'replication', '--config', file('well')]
  const first = await cli.outcome(args)
  expect(first).toMatchObject({
    code: 0,
    outcome: { operation: 'replication', ok: true, numbers: { lagBytes: expect.any(Number) } },
  })
  expect(checksOf(first.outcome.details).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['server', 'standby', 'pooler', 'pool']),
  )
  const kept = async () => JSON.parse(await readFile(join(cli.directory(), 'kept/watched/.ballast/replication.json'), 'utf8'))
  const { wal } = await kept()
  await sandbox.psql(sandbox.primary.adminUrl(), 'SELECT pg_switch_wal()')
  expect((await cli.outcome(args)).code).toBe(0)
  expect((await kept()).wal.positions.slice(0, wal.positions.length)).toEqual(wal.positions)

  await writeFile(join(cli.directory(), 'kept/watched/.ballast/replication.json'), 'not what a poll leaves')
  expect((await cli.outcome(args)).code).toBe(0)
  expect((await kept()).wal.systemId).toBe(wal.systemId)
})

test('as the schedule has it, with a store that is away: servers are judged all the same, and it is said', async () => {
  await writeFile(join(cli.directory(), 'away'), 'a file in the way')
  const { code, outcome } = await cli.outcome(['run', 'replication', '--config', file('away')])
  expect(code).toBe(0)
  const checks = checksOf(outcome.details)
  expect(checks.filter(({ status }) => status !== 'ok').map(({ name }) => name)).toContain('memory of polls')
  expect(checks.find(({ name }) => name === 'standby')?.status).toBe('ok')
})

test('a standby of the definition that the servers do not know: where it is named, and what to run', async () => {
  const { code, outcome } = await cli.outcome(['check', 'replication', '--config', file('unknown')])
  expect(code).toBe(1)
  expect(outcome.failure).toMatchObject({
    kind: 'unwell',
    message: 'standby-9: server; standby-9: standby; ballast_standby_9: slot',
  })
  const checks = checksOf(outcome.details)
  expect(checks.find(({ subject, name }) => subject === 'standby-9' && name === 'standby')?.fix).toContain('nodes[2]')
  expect(checks.find(({ name, status }) => name === 'slot' && status === 'fail')).toMatchObject({
    finding: 'primary has no such slot; it has standby',
    fix: expect.stringMatching(/SELECT pg_create_physical_replication_slot\('ballast_standby_9', true\).*nodes\[2\]\.slot/),
  })
})

test('a definition with the roles the wrong way round', async () => {
  const { code, outcome } = await cli.outcome(['check', 'replication', '--config', file('swapped')])
  expect(code).toBe(1)
  expect(checksOf(outcome.details)[0]).toMatchObject({
    subject: 'standby',
    name: 'primary',
    finding: 'primary takes writes instead: standby is in recovery',
    fix: expect.stringContaining('swap the roles of nodes[1] and nodes[0]'),
  })
})

test('pools that are well, on every node', async () => {
  const { code, stdout } = await cli.run(['check', 'pool', '--config', file('well')])
  expect(stdout).toMatch(/^primary\n {2}ok +pooler +answers\n {2}ok +pool +nobody waits/)
  expect(stdout).toContain('standby\n')
  expect(code).toBe(0)
})

test('a wrong password is a finding about the node, with what to correct', async () => {
  for (const what of ['replication', 'pool']) {
    const { code, stdout } = await cli.run(['check', what, '--config', file('well')], { MONITOR_PASSWORD: 'wrong' })
    expect(code).toBe(1)
    expect(stdout).toMatch(/FAIL +(server|pooler) +.*authentication failed/)
  }
})

test.each(['replication', 'pool'])('%s without a definition, or without the password it names, is refused', async (what) => {
  expect(await cli.run(['check', what])).toMatchObject({ code: 2, stderr: expect.stringContaining('there is none here') })
  const said = await cli.run(['check', what, '--config', file('well')], { MONITOR_PASSWORD: '' })
  expect(said).toMatchObject({ code: 2, stderr: expect.stringContaining('MONITOR_PASSWORD') })
})
