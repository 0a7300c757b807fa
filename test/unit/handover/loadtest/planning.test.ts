import { expect, test } from 'vitest'
import { loadtestDatabase } from '../../../../cli/settings/loadtest-database.ts'
import { chosenGoals } from '../../../../cli/settings/loadtest-goals.ts'
import { loadProfiles } from '../../../../config/load-profiles.ts'
import { plannedLoads } from '../../../../handover/loadtest/database/planned-loads.ts'
import { poolerFacts } from '../../../../handover/loadtest/database/pooler-facts.ts'
import { loadScenarios } from '../../../../handover/loadtest/keys.ts'
import {
  plannedFailover,
  plannedIsolation,
  plannedRequests,
  sizeOf,
} from '../../../../handover/loadtest/requests/planned-requests.ts'
import { definedTargets, refuseForeignTargets } from '../../../../handover/loadtest/requests/targets.ts'
import { partsOf } from '../../../../loadtests/profiles.ts'
import { referenceCluster, sampleCluster } from '../../../support/clusters.ts'

const cluster = sampleCluster({
  'loadtests.targets': { entries: 'https://app.example.com/entries', live: 'wss://ws.example.com' },
})
const { loadtests } = cluster

test('goals of the definition, each replaced by its option, and where each stands', () => {
  expect(chosenGoals(loadtests, {})).toMatchObject({ goals: loadtests.goals, from: { p95: 'loadtests.goals.p95' } })
  const options = { rate: '80/s', maxLost: '1 %', p95: '150 ms', p99: '1 s', minSuccess: '99 %', websockets: 3 }
  expect(chosenGoals(loadtests, options)).toEqual({
    goals: { ratePerSecond: 80, maxLostPercent: 1, p95Ms: 150, p99Ms: 1000, minSuccessPercent: 99, websockets: 3 },
    from: {
      ...{ rate: '--rate', maxLost: '--max-lost', p95: '--p95', p99: '--p99', minSuccess: '--min-success' },
      websockets: '--websockets',
    },
  })
})

test.each([
  [{ rate: 'fast' }, "--rate: 'fast' is not a rate"],
  [{ rate: '0 /s' }, 'the rate must be more than zero'],
  [{ rate: '100 /s' }, 'loadtests.profiles.stressRate, 100 /s, is not over it'],
  [{ p95: '600 ms' }, 'p99, 500 ms, is under p95, 600 ms'],
  [{ maxLost: '60 %' }, 'half of the requests lost or wrong proves nothing'],
  [{ minSuccess: '101 %' }, "--min-success: '101 %' is not a percentage"],
])('%j is refused', (options, message) => {
  const { loadtests: profiled } = sampleCluster({ 'loadtests.profiles': { stressRate: '100 /s' } })
  expect(() => chosenGoals(profiled, options)).toThrow(message)
})

test('the database that pgbench works in must be clear', () => {
  const two = sampleCluster({
    databases: [
      { name: 'shop', owner: 'shop' },
      { name: 'ledger', owner: 'ledger' },
    ],
  })
  expect(loadtestDatabase(cluster, {})).toBe('shop')
  expect(loadtestDatabase(two, { database: 'ledger' })).toBe('ledger')
  expect(loadtestDatabase(two, { withoutDatabase: true })).toBeUndefined()
  expect(loadtestDatabase(two, { sandbox: true })).toBeUndefined()
  expect(() => loadtestDatabase(two, { sandbox: true, database: 'shop' })).toThrow('has a database of its own')
  expect(() => loadtestDatabase(two, {})).toThrow('several databases')
  expect(() => loadtestDatabase(two, { database: 'none' })).toThrow('no database "none"')
  expect(() => loadtestDatabase(two, { database: 'shop', withoutDatabase: true })).toThrow('exclude each other')
})

const config = (more: Readonly<Record<string, string>>) =>
  Object.entries({ pool_mode: 'transaction', default_pool_size: '20', max_client_conn: '500', ...more }).map(
    ([key, value]) => ({ key, value }),
  )
const facts = (more: Readonly<Record<string, string>>, databases: Readonly<Record<string, unknown>>[] = []) =>
  poolerFacts({ version: [{ version: 'PgBouncer 1.18.0' }], config: config(more), databases }, 'shop')

test('whether the pooler keeps prepared statements, and how many connections it has for whom', () => {
  expect(facts({})).toEqual({ version: 'PgBouncer 1.18.0', keepsPrepared: false, poolSize: 20, maxClients: 500 })
  expect(facts({ max_prepared_statements: '0' }).keepsPrepared).toBe(false)
  expect(facts({ max_prepared_statements: '200' }).keepsPrepared).toBe(true)
  expect(facts({ pool_mode: 'session' }).keepsPrepared).toBe(true)
  const own = { name: 'shop', pool_mode: 'session', pool_size: '7' }
  expect(facts({}, [{ name: 'other', pool_size: '3', pool_mode: null }, own])).toMatchObject({
    keepsPrepared: true,
    poolSize: 7,
  })
})

const pooler = { version: 'PgBouncer 1.24.1', keepsPrepared: true, poolSize: 25, maxClients: 1000 }

test('pgbench: by prepared statements where the pooler keeps them, else by both other protocols, then direct', () => {
  const runs = (keepsPrepared: boolean) =>
    plannedLoads('average', loadtests, { ...pooler, keepsPrepared }).map(({ through, protocol, clients, seconds }) => {
      return [through, protocol, clients, seconds]
    })
  expect(runs(true)).toEqual([
    ['pooler', 'prepared', 200, 60],
    ['direct', 'prepared', 25, 60],
  ])
  expect(runs(false)).toEqual([
    ['pooler', 'simple', 200, 60],
    ['pooler', 'extended', 200, 60],
    ['direct', 'prepared', 25, 60],
  ])
  expect(plannedLoads('smoke', loadtests, pooler).map(({ seconds }) => seconds)).toEqual([2, 2])
})

test('pgbench is bounded by what the pooler takes and by the limits', () => {
  expect(() => plannedLoads('smoke', loadtests, { ...pooler, maxClients: 100 })).toThrow('takes 100 clients')
  const few = { ...loadtests, limits: { ...loadtests.limits, virtualUsers: 150 } }
  expect(() => plannedLoads('smoke', few, pooler)).toThrow('loadtests.limits.virtualUsers is 150')
})

const question = { loadtests, goals: loadtests.goals, targets: definedTargets(cluster) }

test('every part of every profile has a name that the report knows', () => {
  const names = loadProfiles.flatMap((profile) => partsOf(plannedRequests({ ...question, profile })).map(({ name }) => name))
  const arranged = ['isolation', 'neighbour', 'failover']
  expect([...new Set([...names, ...arranged])].sort()).toEqual([...loadScenarios])
})

test('a duration is the plateau of the profiles that have one', () => {
  const seconds = (durationSeconds?: number) =>
    sizeOf(plannedRequests({ ...question, profile: 'soak', durationSeconds })).seconds
  expect(seconds(60)).toBe(10 + 60 + 10)
  expect(seconds()).toBe(300 + 4 * 3600 + 300)
  expect(() => plannedRequests({ ...question, profile: 'spike', durationSeconds: 60 })).toThrow('has a duration of its own')
})

test('the load that proves the goals leaves a rehearsal of the reference definition the time for its drills', () => {
  const { loadtests } = referenceCluster
  const targets = definedTargets(referenceCluster)
  const plan = plannedRequests({ profile: 'average', loadtests, goals: loadtests.goals, targets })
  const { seconds } = sizeOf(plan)
  const pgbench = plannedLoads('average', loadtests, { ...pooler, keepsPrepared: false })
  const pgbenchSeconds = pgbench.reduce((sum, load) => sum + load.seconds, 0)
  // At the latest, of the 12 minutes that `npm run rehearse` may take; all drills take two, and the report ten seconds.
  expect(seconds + (plan.arrangedSeconds ?? 0) + pgbenchSeconds).toBeLessThanOrEqual(590)
})

test('what is beyond the limits is refused, with the words of the plan', () => {
  const limits = { virtualUsers: 5, durationSeconds: 80 }
  const bounded = { ...question, loadtests: { ...loadtests, limits } }
  expect(() => plannedRequests({ ...bounded, profile: 'smoke' })).toThrow('limits.virtualUsers is 5')
  expect(() => plannedRequests({ ...bounded, profile: 'average' })).toThrow('limits.duration is 80 s')
})

test('a service is taken down only where there is another one to look at', () => {
  const two = plannedRequests({ ...question, profile: 'smoke', targets: definedTargets(referenceCluster) })
  expect(plannedIsolation(two, 'consolidation')).toMatchObject({ scenarios: ['isolation'], downTarget: 'consolidation' })
  expect(plannedIsolation(plannedRequests({ ...question, profile: 'smoke' }), 'entries')).toBeUndefined()
  expect(plannedIsolation({ ...two, profile: 'breakpoint' }, 'consolidation')).toBeUndefined()
})

test('requests during a failover come at the goal for as long as somebody wants, within the limits', () => {
  const asked = { loadtests, targets: question.targets }
  expect(sizeOf(plannedFailover(asked, 300))).toMatchObject({ ratePerSecond: loadtests.goals.ratePerSecond, seconds: 300 })
  expect(partsOf(plannedFailover(asked, 300)).map(({ name, target }) => `${name} ${target.name}`)).toEqual(['failover entries'])
  const limits = { virtualUsers: 500, durationSeconds: 200 }
  expect(() => plannedFailover({ ...asked, loadtests: { ...loadtests, limits } }, 300)).toThrow('limits.duration is 200 s')
})

test('load goes to this machine and to hosts of the definition', () => {
  const at = (url: string) => () => refuseForeignTargets([{ name: 'one', url }], cluster)
  for (const host of ['127.0.0.1:80', 'localhost', '[::1]:8080', 'app.example.com', '10.0.0.11:5432']) {
    expect(at(`http://${host}/x`), host).not.toThrow()
  }
  for (const host of ['example.com', '127.0.0.1.example.com', 'app.example.com.evil.test', '10.0.0.99', '[::2]']) {
    expect(at(`http://${host}/x`), host).toThrow('neither this machine nor a host of the definition')
  }
})

test('a definition without a service that takes requests is refused', () => {
  expect(() => definedTargets(sampleCluster())).toThrow('names no service')
  expect(() => definedTargets(sampleCluster({ 'loadtests.targets': { live: 'wss://ws.example.com' } }))).toThrow(
    'names no service',
  )
})
