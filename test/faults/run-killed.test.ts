import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { listSets } from '../../functions/archive/catalogue.ts'
import { leaseKey } from '../../functions/archive/keys.ts'
import { parseSetName } from '../../functions/archive/set-name.ts'
import { slotRun } from '../../functions/archive/slot.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import { parseHistoryKey } from '../../functions/runtime/history/history-keys.ts'
import { readLease } from '../../functions/runtime/lease/acquire-lease.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import type { BackupCase } from '../support/backup-case.ts'
import { cliEnvironment } from '../support/cli-backup.ts'
import { fingerprint } from '../support/fault-database.ts'
import { randomFractions } from '../support/random.ts'
import { outcomeOf, startCli } from '../support/run-cli.ts'
import { bucketStore, directoryStore, runDefinition } from '../support/run-definition.ts'
import { storeContent, sweepAll } from '../support/store-content.ts'

const bench = useBackupBench('run_killed')
const seed = Number(process.env.BALLAST_FAULT_SEED ?? 20261125)
const leaseSeconds = 6
/** A machine that is busy may also make a run lose so short a lease; the next one takes the slot up. */
const mostRuns = 8
const minuteMs = 60_000
const firstDueMs = Date.parse('2026-11-25T06:00:00Z')

// Most of the time they wait for the leases of the dead, so they run side by side.
afterAll(() => bench.expectNoTraces())

/** One cluster with leases and sets of its own, and how to run its only slot. */
interface Lane {
  name: string
  store: ObjectStore
  args(dueMs: number): string[]
  env: Record<string, string>
}

interface LanePlace {
  type: 's3' | 'file'
  endpoint?: string
  leaseSeconds?: number
}

async function lane(
  one: BackupCase,
  name: string,
  { type, endpoint = bench.sandbox.s3.endpoint, ...more }: LanePlace,
): Promise<Lane> {
  const { database } = one
  const directory = join(bench.directory, `sets-${name}`)
  await mkdir(directory)
  const { bucket, prefix } = one.store
  const place =
    type === 's3' ? bucketStore('main', { bucket, endpoint }, `${prefix}/${name}`) : directoryStore('main', directory)
  const file = join(bench.directory, `${name}.config.ts`)
  const databases = [`{ name: '${database}', owner: 'app', connection: { url: env('DATABASE_URL') } }`]
  await writeFile(
    file,
    runDefinition({ name, databases, stores: [place], backup: "schedule: [{ slot: 'quick', when: 'every 1 minute' }]" }),
  )
  const truth =
    type === 's3' ? { ...one.store, endpoint: bench.sandbox.s3.endpoint, prefix: `${prefix}/${name}` } : { type, directory }
  return {
    name,
    store: openStore(truth),
    args: (dueMs) => ['run', 'backup', '--json', '--config', file, '--due', new Date(dueMs).toISOString()],
    env: {
      ...cliEnvironment(one),
      AWS_ENDPOINT_URL_S3: endpoint,
      BALLAST_LEASE_SECONDS: String(more.leaseSeconds ?? leaseSeconds),
    },
  }
}

async function run({ args, env }: Lane, dueMs: number): Promise<Outcome> {
  return outcomeOf(await startCli(args(dueMs), env).ended)
}

async function published({ store, name }: Lane): Promise<string[]> {
  const sets = await listSets(store, { cluster: name })
  return sets.filter(({ state }) => state === 'complete').map(({ address }) => parseSetName(address.set)?.run ?? '')
}

async function heldLease({ store, name }: Lane): Promise<boolean> {
  return (await readLease(store, leaseKey(name, `backup-${bench.database}`)))?.lease.state === 'held'
}

describe('`ballast run backup` that is killed', () => {
  it.concurrent(`at 100 random moments (seed ${seed}), and run again: one whole set for each slot, and nothing else`, async () => {
    const [lanes, slots, killsPerSlot] = [18, 1, 6]
    const one = await bench.begin()
    const all = await Promise.all(
      Array.from({ length: lanes }, (_, index) => lane(one, `lane-${index}`, { type: index < 3 ? 's3' : 'file' })),
    )
    const warm = await Promise.all([0, 1, 2].map((index) => lane(one, `warm-${index}`, { type: 's3' })))
    const startedMs = performance.now()
    expect((await Promise.all(warm.map((own) => run(own, firstDueMs)))).map(({ ok }) => ok)).toEqual([true, true, true])
    const lastsMs = performance.now() - startedMs

    const fractions = randomFractions(seed, lanes * slots * killsPerSlot)
    let killed = 0
    const work = async (own: Lane, index: number): Promise<void> => {
      for (let slot = 0; slot < slots; slot += 1) {
        const dueMs = firstDueMs + slot * minuteMs
        for (let kill = 0; kill < killsPerSlot; kill += 1) {
          const fraction = fractions[(index * slots + slot) * killsPerSlot + kill] ?? 0
          // A lease that the one before has taken into its death is waited for first.
          const moment = fraction * lastsMs + ((await heldLease(own)) ? leaseSeconds * 1000 : 0)
          const { child, ended } = startCli(own.args(dueMs), own.env)
          await sleep(moment)
          child.kill('SIGKILL')
          if ((await ended).signal === 'SIGKILL') killed += 1
        }
        const outcomes = [await run(own, dueMs)]
        while (!outcomes.at(-1)?.ok && outcomes.length < mostRuns) outcomes.push(await run(own, dueMs))
        expect(outcomes.at(-1), JSON.stringify(outcomes)).toMatchObject({ ok: true })
      }
    }
    await Promise.all(all.map(work))
    expect(killed).toBeGreaterThan((lanes * slots * killsPerSlot) / 2)

    const rows = await fingerprint(bench.sandbox, bench.sandbox.primary.adminUrl(one.database))
    for (const own of all) {
      const runs = Array.from({ length: slots }, (_, slot) => slotRun({ slot: 'quick', dueMs: firstDueMs + slot * minuteMs }))
      expect((await published(own)).sort(), own.name).toEqual(runs)
      expect(await heldLease(own), own.name).toBe(false)
      await sweepAll(own.store)
      const sets = await listSets(own.store, {})
      expect(sets.map(({ state }) => state)).toEqual(runs.map(() => 'complete'))
      const prefixes = sets.map(({ address }) => `${own.name}/${address.database}/${address.set}/`)
      const { objects, pending } = await storeContent(own.store)
      const others = objects.filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)))
      const isHistory = (key: string): boolean => parseHistoryKey(own.name, key) !== undefined
      expect(others.filter((key) => !isHistory(key))).toEqual([leaseKey(own.name, `backup-${bench.database}`)])
      expect(others.filter(isHistory)).not.toHaveLength(0)
      expect(pending).toEqual([])
    }
    for (const own of all.slice(0, 2)) {
      const place = { ...one.store, endpoint: bench.sandbox.s3.endpoint, prefix: `${one.prefix}/${own.name}` }
      for (const { address } of await listSets(own.store, {})) expect(await one.restoredRows(address, place)).toBe(rows)
    }
    for (const own of [...all, ...warm]) own.store.close()
  })

  it.concurrent('between the decision for its set and the manifest: the next run publishes that set, and makes no other', async () => {
    const one = await bench.begin()
    const own = await lane(one, 'decided', { type: 's3', endpoint: one.proxy.endpoint })
    const { child, ended } = startCli(own.args(firstDueMs), own.env)
    one.proxy.inject({
      ...{ operation: 'PutObject', key: 'manifest.json' },
      fault: {
        type: 'meanwhile',
        run: async () => {
          child.kill('SIGKILL')
          await ended
        },
      },
    })
    expect((await ended).signal).toBe('SIGKILL')
    one.proxy.clear()
    const content = await storeContent(own.store)
    expect(content.objects.filter((key) => key.endsWith('/manifest.json'))).toEqual([])
    const decided = content.objects.filter((key) => key.includes('/.ballast/slots/'))
    expect(decided).toHaveLength(1)

    const outcome = await run(own, firstDueMs)
    expect(outcome).toMatchObject({ ok: true, numbers: { alreadyDone: true, finishedForAnother: true } })
    expect(await published(own)).toEqual(['quick-20261125t0600z'])
    const place = { ...one.store, endpoint: bench.sandbox.s3.endpoint, prefix: `${one.prefix}/decided` }
    const [set] = await listSets(own.store, {})
    const rows = await fingerprint(bench.sandbox, bench.sandbox.primary.adminUrl(one.database))
    if (set !== undefined) expect(await one.restoredRows(set.address, place)).toBe(rows)
    own.store.close()
  })
})

describe('duplicates of one run', () => {
  it.concurrent.each(['s3', 'file'] as const)(
    'started at one moment (%s): one set, and every other run says so and is well',
    async (type) => {
      const one = await bench.begin()
      const own = await lane(one, `together-${type}`, { type, leaseSeconds: 30 })
      const outcomes = await Promise.all(Array.from({ length: 5 }, () => run(own, firstDueMs)))
      expect(
        outcomes.map(({ ok }) => ok),
        JSON.stringify(outcomes),
      ).toEqual([true, true, true, true, true])
      const others = outcomes.filter(({ numbers }) => numbers.alreadyDone === true || numbers.alreadyRunning === true)
      expect(others).toHaveLength(4)
      expect(await published(own)).toEqual(['quick-20261125t0600z'])
      expect(await heldLease(own)).toBe(false)
      own.store.close()
    },
  )

  it.concurrent.each(['s3', 'file'] as const)('that all believe to hold the lease (%s): one set is published', async (type) => {
    const one = await bench.begin()
    const own = await lane(one, `believers-${type}`, { type })
    const settings = type === 'file' ? { type, directory: join(bench.directory, `sets-${own.name}`) } : one.store
    const run = slotRun({ slot: 'quick', dueMs: firstDueMs })
    const place = type === 's3' ? { ...one.store, prefix: `${one.prefix}/${own.name}` } : settings
    // Names of sets tell seconds apart: these are three sets of one slot, all made at the same time.
    const ends = await Promise.allSettled(
      [0, 1, 2].map(async (index) => {
        await sleep(index * 1_100)
        return await one.backup({ store: place, cluster: own.name, run })
      }),
    )
    const made = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value.summary.set] : []))
    expect(made).toHaveLength(1)
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ name: 'Failure', code: 'SlotDone' })
    expect(await published(own)).toEqual([run])
    expect((await listSets(own.store, {})).find(({ state }) => state === 'complete')?.address.set).toBe(made[0])
    own.store.close()
  })
})
