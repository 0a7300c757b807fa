import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import { loadCluster } from '../../config/index.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import type { BackupCase } from './backup-case.ts'
import { cliEnvironment } from './cli-backup.ts'
import { FanRestoreMachine } from './fan-restore-machine.ts'
import { bucketStore, runDefinition } from './run-definition.ts'
import type { StepCallOptions } from './step-calls.ts'

export interface FanRestoreOptions {
  /** URL of the server to restore into. */
  into: string
  /** As a definition has it. */
  connections?: number
  /** As a definition has it: what takes longer in one call is handed over. */
  above?: string
  /** The share of the rows that is compared by digest. */
  share?: string
  limitMs?: number
}

/** A set, and all that its restores by state machine need. */
export class FanRestoreCase {
  readonly one: BackupCase
  readonly cluster: Cluster
  readonly address: SetAddress
  readonly env: Record<string, string>
  readonly #definition: string
  readonly #limitMs: number

  private constructor(one: BackupCase, cluster: Cluster, address: SetAddress, more: Pick<FanRestoreCase, 'env'> & Definition) {
    this.one = one
    this.cluster = cluster
    this.address = address
    this.env = more.env
    this.#definition = more.definition
    this.#limitMs = more.limitMs
  }

  static async of(one: BackupCase, address: SetAddress, options: FanRestoreOptions): Promise<FanRestoreCase> {
    const { into, connections = 8, above = '10 min', share = '100 %', limitMs = 60_000 } = options
    // Of each its own: a process reads a module once.
    const definition = join(one.bench.directory, `restore-${randomUUID()}.config.ts`)
    const place = bucketStore('main', { bucket: one.store.bucket, endpoint: one.proxy.endpoint }, one.prefix)
    const databases = [`{ name: '${address.database}', owner: 'app', connection: { url: env('DATABASE_URL') } }`]
    const backup = `fanOut: { connections: ${connections}, above: '${above}' }, verify: { into: env('INTO_URL'), share: '${share}' }`
    await writeFile(definition, runDefinition({ name: address.cluster, databases, stores: [place], backup }))
    const env = { ...cliEnvironment(one), INTO_URL: into, PATH: process.env.PATH ?? '' }
    return new FanRestoreCase(one, await loadCluster(definition), address, { env, definition, limitMs })
  }

  machine(changed: Partial<StepCallOptions> & { as?: string } = {}): FanRestoreMachine {
    const { as = null, ...options } = changed
    const { database, set } = this.address
    return new FanRestoreMachine(
      { database, set, as },
      { definition: this.#definition, env: this.env, limitMs: this.#limitMs, ...options },
    )
  }
}

interface Definition {
  definition: string
  limitMs: number
}
