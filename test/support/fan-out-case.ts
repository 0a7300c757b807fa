import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Cluster } from '../../config/cluster.ts'
import { loadCluster } from '../../config/index.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { readManifest } from '../../functions/archive/read-set.ts'
import type { RunState } from '../../functions/archive/run-state.ts'
import { slotRun } from '../../functions/archive/slot.ts'
import { taskResults } from '../../functions/backup/fan-out/products.ts'
import { resultNames } from '../../functions/backup/fan-out/results.ts'
import { readState } from '../../functions/backup/fan-out/run-store.ts'
import { beginRun, fannedOutSets, type RunRequest } from '../../functions/backup/fan-out/start-run.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { S3Settings } from '../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { BackupCase } from './backup-case.ts'
import { cliEnvironment } from './cli-backup.ts'
import { FanOutMachine, type MachineOptions } from './fan-out-machine.ts'
import { bucketStore, runDefinition } from './run-definition.ts'

export const fanOutCluster = 'faults'
/** Terms so short that a run sees several holders, each with most of its function's time left for a successor that comes late. */
const shortTerms = { holder: '10 s', limitMs: 120_000 }
const dueMs = Date.parse('2026-11-25T06:00:00Z')

export interface FanOutOptions {
  /** Another way to the database than the backup role's on the primary. */
  url?: string
  connections?: number
  /** As a definition has it: `10 s`. */
  holder?: string
  /** Instead, where it is shorter than a definition may have it: a successor that comes late still finds its holder. */
  holderSeconds?: number
  limitMs?: number
  /** Further fields of `backup` in the definition, and of its `fanOut`. */
  backup?: string
  fanOut?: string
  /** `nodes` of the definition, further fields of it, and what its secrets are. */
  nodes?: string
  more?: string
  secrets?: Readonly<Record<string, string>>
}

interface Given {
  one: BackupCase
  cluster: Cluster
  address: SetAddress
  request: RunRequest
  env: Record<string, string>
  limitMs: number
}

/** One fanned-out run with what surrounds it: its definition, its store behind the proxy of a case, its state machine. */
export class FanOutCase {
  readonly one: BackupCase
  readonly cluster: Cluster
  readonly address: SetAddress
  readonly request: RunRequest
  readonly env: Record<string, string>
  readonly #limitMs: number

  readonly #given: Given

  private constructor(given: Given) {
    this.#given = given
    this.one = given.one
    this.cluster = given.cluster
    this.address = given.address
    this.request = given.request
    this.env = given.env
    this.#limitMs = given.limitMs
  }

  /** Begins a run, as the function `backup` does for what is too long. */
  static async begin(one: BackupCase, options: FanOutOptions = {}): Promise<FanOutCase> {
    const prepared = await FanOutCase.prepare(one, options)
    const connection = resolveConnection(prepared.env.DATABASE_URL ?? '', {})
    return new FanOutCase({ ...prepared.#given, address: await beginRun(prepared.request, connection, prepared.cluster) })
  }

  /** All that a run needs, and no run yet. */
  static async prepare(one: BackupCase, options: FanOutOptions = {}): Promise<FanOutCase> {
    const { url = one.bench.sandbox.backupUrl(one.database), connections = 7 } = options
    const { holder = shortTerms.holder, limitMs = shortTerms.limitMs } = options
    const name = createHash('sha256')
      .update(one.prefix + one.database)
      .digest('hex')
    const definition = join(one.bench.directory, `${name.slice(0, 12)}.config.ts`)
    const fanOut = `fanOut: { connections: ${connections}, holder: '${holder}', ${options.fanOut ?? ''} }`
    const place = bucketStore('main', { bucket: one.store.bucket, endpoint: one.proxy.endpoint }, one.prefix)
    const databases = [`{ name: '${one.database}', owner: 'app', connection: { url: env('DATABASE_URL') } }`]
    const backup = `workers: 2, ${fanOut}, ${options.backup ?? ''}`
    await writeFile(
      definition,
      runDefinition({
        ...{ name: fanOutCluster, databases, stores: [place], backup },
        ...(options.nodes && { nodes: options.nodes }),
        ...(options.more && { more: options.more }),
      }),
    )
    const request: RunRequest = {
      store: one.truth,
      place: { cluster: fanOutCluster, database: one.database },
      run: slotRun({ slot: 'daily', dueMs }),
      ...{ slot: 'daily', dueMs, signal: new AbortController().signal },
    }
    const env = { ...cliEnvironment(one), DATABASE_URL: url, PATH: process.env.PATH ?? '', ...options.secrets }
    const address = { ...request.place, set: '' }
    const cluster = withHolder(await loadCluster(definition), options.holderSeconds)
    return new FanOutCase({ one, cluster, address, request, env, limitMs })
  }

  /** The state machine for the run. */
  machine(changed: Partial<MachineOptions> = {}): FanOutMachine {
    const { database, set } = this.address
    return new FanOutMachine({ database, set }, this.one.bench, {
      ...{ cluster: this.cluster, env: this.env, limitMs: this.#limitMs },
      readItems: ({ key }) => this.readItems(key),
      ...changed,
    })
  }

  currentState(): Promise<RunState> {
    return readState({ store: this.one.truth, address: this.address, signal: this.request.signal })
  }

  /** Resolves when the run's state is as wanted. */
  async until(wanted: (state: RunState) => boolean): Promise<RunState> {
    for (;;) {
      const state = await this.currentState()
      if (wanted(state)) return state
      await sleep(100)
    }
  }

  /** Names of the results of tasks that are there. */
  results(): Promise<string[]> {
    return resultNames({ store: this.one.truth, address: this.address, signal: this.request.signal }, taskResults)
  }

  /** Sets of the runs that are known of. */
  runs(): Promise<string[]> {
    return fannedOutSets(this.request)
  }

  manifest(): Promise<Manifest> {
    return readManifest(this.one.truth, this.address)
  }

  /** The keys of the run's bucket begin with the case's prefix, which its own store adds by itself. */
  async readItems(key: string): Promise<{ batch: number }[]> {
    const { bucket, region } = this.one.bench.sandbox.s3
    const whole: S3Settings = { ...this.one.store, bucket, region, prefix: '', endpoint: this.one.bench.sandbox.s3.endpoint }
    const store: ObjectStore = openStore(whole)
    try {
      const found = await store.readSmall(key)
      expect(found, key).toBeDefined()
      return JSON.parse(Buffer.from(found?.bytes ?? []).toString()) as { batch: number }[]
    } finally {
      store.close()
    }
  }
}

function withHolder(cluster: Cluster, holderSeconds: number | undefined): Cluster {
  if (holderSeconds === undefined) return cluster
  return { ...cluster, backup: { ...cluster.backup, fanOut: { ...cluster.backup.fanOut, holderSeconds } } }
}
