import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { type ListedSet, listSets } from '../../functions/archive/catalogue.ts'
import type { SetAddress } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { type BackupOptions, backup } from '../../functions/backup/backup.ts'
import type { Failure } from '../../functions/platform/failure.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import type { S3Settings } from '../../functions/platform/object-store/settings.ts'
import type { ObjectStore } from '../../functions/platform/object-store/store.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import { type RestoreOptions, restore } from '../../functions/restore/restore.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import { failureOf } from './failures.ts'
import { fingerprint } from './fault-database.ts'
import type { S3FaultProxy } from './s3-fault-proxy.ts'
import { storeContent, sweepAll } from './store-content.ts'

/** How a failed run is expected to say what went wrong. */
export interface ExpectedFailure {
  /** One of several where it depends on who notices first. */
  kind: Failure['kind'] | readonly Failure['kind'][]
  code?: string
  subject?: string | RegExp
  message?: string | RegExp
  hint?: string | RegExp
  /** The store has gone, so that unfinished uploads can be ended by a sweep only. */
  unreachable?: boolean
}

/** Where cases take place. */
export interface CasePlace {
  readonly sandbox: SandboxConnections
  /** The database that cases read when they have none of their own. */
  readonly database: string
  /** For the test's own files; removed at the end. */
  readonly directory: string
  /** Within it, empty at the start, and what the engine takes for the system's temporary directory. */
  readonly temporary: string
  /** Does this, too, when all tests of the file are over. */
  atEnd(work: () => Promise<void>): void
}

/** One backup with what surrounds it. */
export class BackupCase {
  readonly bench: CasePlace
  /** Stands between the engine and the store. */
  readonly proxy: S3FaultProxy
  readonly prefix: string
  /** The store as it is, past the proxy. */
  readonly truth: ObjectStore
  /** Changed by cases that work in a copy. */
  database: string

  constructor(bench: CasePlace, proxy: S3FaultProxy, prefix: string) {
    this.bench = bench
    this.proxy = proxy
    this.prefix = prefix
    this.database = bench.database
    this.truth = openStore({ ...this.store, endpoint: bench.sandbox.s3.endpoint })
  }

  /** The store as the engine is to see it: through the proxy. */
  get store(): S3Settings {
    const { bucket, region } = this.bench.sandbox.s3
    return { type: 's3', bucket, prefix: this.prefix, endpoint: this.proxy.endpoint, region, provider: 'versitygw' }
  }

  /** The least-privileged backup role's connection to the primary. */
  get connection(): ConnectionSettings {
    return resolveConnection(this.bench.sandbox.backupUrl(this.database), {})
  }

  options(changed: Partial<BackupOptions> = {}): BackupOptions {
    return {
      connection: this.connection,
      store: this.store,
      cluster: 'faults',
      workers: 2,
      compressionLevel: 1,
      lockWaitSeconds: 10,
      rolePasswords: false,
      env: { BALLAST_PG_BIN: this.bench.sandbox.pgBin },
      ...changed,
    }
  }

  backup(changed: Partial<BackupOptions> = {}): Promise<Manifest> {
    return backup(this.options(changed))
  }

  /** Runs a backup that must fail as expected, and leave neither a set nor anything that a sweep does not remove. */
  async fails({ unreachable, ...expected }: ExpectedFailure, changed: Partial<BackupOptions> = {}): Promise<Failure> {
    const failure = await failureOf(this.backup(changed))
    expectFailure(failure, expected)
    if (unreachable) await this.expectNothingAfterSweep()
    else await this.expectNoBackup()
    return failure
  }

  /** Asserts that nothing is listed as a backup, and that a sweep leaves nothing at all. */
  async expectNoBackup(): Promise<void> {
    expect((await storeContent(this.truth)).pending, 'open uploads').toEqual([])
    await this.expectNothingAfterSweep()
  }

  async expectNothingAfterSweep(): Promise<void> {
    expect((await this.sets()).filter(({ state }) => state !== 'incomplete')).toEqual([])
    await sweepAll(this.truth)
    expect(await storeContent(this.truth)).toEqual({ objects: [], pending: [] })
  }

  async sets(): Promise<ListedSet[]> {
    return await listSets(this.truth, {})
  }

  /** Asserts that the only thing listed is this set, and that a restore of it holds exactly the expected rows. */
  async expectWholeSet(manifest: Manifest, expectedRows?: string): Promise<void> {
    const sets = await this.sets()
    expect(sets.map(({ state, address }) => [state, address.set])).toEqual([['complete', manifest.summary.set]])
    const { sandbox } = this.bench
    const rows = expectedRows ?? (await fingerprint(sandbox, sandbox.primary.adminUrl(this.database)))
    expect(await this.restoredRows(manifest.summary)).toBe(rows)
  }

  /** What a restore of a set into a new database holds; from this case's place in the store, unless another is given. */
  async restoredRows(address: SetAddress, store?: S3Settings): Promise<string> {
    const { sandbox } = this.bench
    const name = `restored_${randomUUID()}`
    await sandbox.psql(sandbox.primary.adminUrl(), `CREATE DATABASE "${name}" TEMPLATE template0`)
    const url = sandbox.primary.adminUrl(name)
    await restore(this.restoreOptions(address, { target: resolveConnection(url, {}), ...(store && { store }) }))
    const rows = await fingerprint(sandbox, url)
    await sandbox.psql(sandbox.primary.adminUrl(), `DROP DATABASE "${name}"`)
    return rows
  }

  restoreOptions({ cluster, database, set }: SetAddress, changed: Pick<RestoreOptions, 'target'> & Partial<RestoreOptions>) {
    const store: S3Settings = { ...this.store, endpoint: this.bench.sandbox.s3.endpoint }
    const { env } = this.options()
    const parts = { schemas: [], tables: [], noOwner: false, noPrivileges: false }
    return { store, address: { cluster, database, set }, jobs: 2, clean: false, roles: false, env, ...parts, ...changed }
  }

  close(): void {
    this.truth.close()
  }
}

/** Asserts what a failure says; every failure has a subject and a hint, and never says that Ballast itself is at fault. */
export function expectFailure(failure: Failure, { kind, code, subject, message, hint }: ExpectedFailure): void {
  const said = `${failure.kind} ${failure.code}: ${failure.message} | ${failure.subject} | ${failure.hint}`
  expect(typeof kind === 'string' ? [kind] : kind, said).toContain(failure.kind)
  if (code !== undefined) expect(failure.code, said).toBe(code)
  if (subject !== undefined) expect(failure.subject).toMatch(subject)
  if (message !== undefined) expect(failure.message).toMatch(message)
  if (hint !== undefined) expect(failure.hint).toMatch(hint)
  expect(failure.subject).not.toBe('')
  expect(failure.hint).not.toBe('')
}
