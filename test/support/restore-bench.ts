import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect } from 'vitest'
import { setPrefix } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import type { Failure } from '../../functions/platform/failure.ts'
import type { FileSettings, StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { type RestoreOptions, restore } from '../../functions/restore/restore.ts'
import { type BackupBench, type BenchOptions, useBackupBench } from './backup-bench.ts'
import type { BackupCase, ExpectedFailure } from './backup-case.ts'
import { expectFailure } from './backup-case.ts'
import { failureOf } from './failures.ts'
import { fingerprint } from './fault-database.ts'

/** What the restores of one test file share: a set in the bucket, the same database's in a directory, and targets. */
export interface RestoreBench extends BackupBench {
  /** The case whose set lies in the bucket; its proxy stands before it. */
  readonly stored: BackupCase
  readonly manifest: Manifest
  /** A copy of the set in a directory of its own, to be damaged; and the path of its files. */
  copySet(): Promise<{ store: FileSettings; files: string; manifest: Manifest }>
  /** A new and empty database; its name. */
  target(): Promise<string>
  /** A restore of the set in the bucket, past the proxy, into a target, with whatever is changed of that. */
  restore(target: string, changed?: Partial<RestoreOptions>): Promise<unknown>
  /** Asserts that a restore fails as expected, and whether it touched the target. */
  fails(expected: RestoreFailure, target: string, changed?: Partial<RestoreOptions>): Promise<Failure>
  /** Asserts that the target holds exactly what the set was made of. */
  expectRestored(target: string): Promise<void>
}

export interface RestoreFailure extends ExpectedFailure {
  /** Nothing was changed; otherwise the failure says that the target is not whole. */
  untouched: boolean
}

export function useRestoreBench(name: string, options: BenchOptions = {}): RestoreBench {
  const bench = useBackupBench(name, options)
  let stored: BackupCase
  let manifest: Manifest
  let inDirectory: Manifest
  let copies = 0
  let targets = 0
  const original = (): FileSettings => ({ type: 'file', directory: join(bench.directory, 'set') })
  beforeAll(async () => {
    stored = await bench.begin()
    manifest = await stored.backup()
    inDirectory = await stored.backup({ store: original() })
  })
  const own: Omit<RestoreBench, keyof BackupBench> = {
    get stored() {
      return stored
    },
    get manifest() {
      return manifest
    },
    copySet: async () => {
      copies += 1
      const directory = join(bench.directory, `set-${copies}`)
      await cp(original().directory, directory, { recursive: true })
      const files = join(directory, setPrefix(inDirectory.summary))
      return { store: { type: 'file', directory }, files, manifest: inDirectory }
    },
    target: async () => {
      targets += 1
      const target = `${bench.database}_target_${targets}`
      await bench.sandbox.psql(bench.sandbox.primary.adminUrl(), `CREATE DATABASE ${target} TEMPLATE template0`)
      return target
    },
    restore: (target, changed = {}) => {
      const url = bench.sandbox.primary.adminUrl(target)
      const { summary } = isDirectory(changed.store) ? inDirectory : manifest
      return restore(stored.restoreOptions(summary, { target: resolveConnection(url, {}), ...changed }))
    },
    fails: async ({ untouched, ...expected }, target, changed) => {
      const failure = await failureOf(own.restore(target, changed))
      expectFailure(failure, expected)
      const said = `the target database "${(changed?.target ?? { database: target }).database}" is not whole`
      if (!untouched) expect(failure.message).toContain(said)
      else {
        expect(failure.message).not.toContain(said)
        expect(await objectsIn(bench, target)).toBe('')
      }
      return failure
    },
    expectRestored: async (target) => {
      const { sandbox, database } = bench
      const expected = await fingerprint(sandbox, sandbox.primary.adminUrl(database))
      expect(await fingerprint(sandbox, sandbox.primary.adminUrl(target))).toBe(expected)
    },
  }
  return Object.defineProperties(bench, Object.getOwnPropertyDescriptors(own)) as RestoreBench
}

function isDirectory(store: StoreSettings | undefined): boolean {
  return store?.type === 'file'
}

/** Names of what anybody put into a database; empty when there is no such database. */
async function objectsIn({ sandbox }: BackupBench, database: string): Promise<string> {
  const known = await sandbox.psql(sandbox.primary.adminUrl(), `SELECT 1 FROM pg_database WHERE datname = '${database}'`)
  if (known === '') return ''
  const query = `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    UNION ALL SELECT 'large object' FROM pg_largeobject_metadata
    UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')`
  return await sandbox.psql(sandbox.primary.adminUrl(database), query)
}
