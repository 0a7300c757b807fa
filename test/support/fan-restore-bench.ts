import { afterAll, afterEach, beforeAll } from 'vitest'
import { type Evidence, parseEvidence } from '../../functions/archive/evidence.ts'
import { type SetAddress, setPrefix } from '../../functions/archive/keys.ts'
import type { Manifest } from '../../functions/archive/manifest.ts'
import { listFiles, readObject } from '../../functions/archive/read-set.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { useBackupBench } from './backup-bench.ts'
import type { BackupCase } from './backup-case.ts'
import { FanRestoreCase, type FanRestoreOptions } from './fan-restore-case.ts'
import { asFidelityBackup, createFidelityDatabase } from './fidelity.ts'
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts'
import type { StepAnswer, StepEvent } from './step-calls.ts'
import { askPsql } from './stock-psql.ts'

/** A set with every kind of object and many tables, and a server of its own that it is restored into. */
export interface FanRestoreBench {
  readonly one: BackupCase
  readonly manifest: Manifest
  readonly address: SetAddress
  /** For files of the test's own. */
  readonly directory: string
  /** URL of a database on that server. */
  into(database: string): string
  /** Asks that server. */
  ask(sql: string, database?: string): Promise<string>
  restores(options?: Partial<FanRestoreOptions>): Promise<FanRestoreCase>
  /** What every step is told. */
  run(as: string | null): { database: string; set: string; as: string | null }
  /** All that a verification may leave on its server: databases, and roles of the set. */
  left(): Promise<string>
  /** The evidence of the set, oldest first. */
  evidence(): Promise<Evidence[]>
}

/** Tables beside those of every kind, with keys among them. */
const manySql = `CREATE SCHEMA many;
DO $$ BEGIN
  FOR n IN 1..32 LOOP
    EXECUTE format('CREATE TABLE many.t%s (id int PRIMARY KEY, other int REFERENCES many.t%s, note text)', n, greatest(n - 1, 1));
    EXECUTE format('INSERT INTO many.t%s SELECT g, g, repeat(md5(g::text), 60) FROM generate_series(1, 200) g', n);
    EXECUTE format('CREATE INDEX ON many.t%s (note)', n);
  END LOOP;
END $$`

/** Sets the bench of a test file up, and takes it down after its tests. */
export function useFanRestoreBench(name: string): FanRestoreBench {
  let target: OwnPostgres
  let one: BackupCase
  let manifest: Manifest
  // Before the next bench looks for traces in the directories that it gives to everybody.
  beforeAll(async () => {
    target = await startOwnPostgres({ max_connections: '60' })
  })
  const bench = useBackupBench(name)
  const into = (database: string): string => target.url(database)
  const ask = async (sql: string, database = 'postgres'): Promise<string> => {
    const answer = await askPsql(target.psql, into(database), sql, {})
    if (!answer.ok) throw new Error(answer.error)
    return answer.text
  }
  const address = (): SetAddress => {
    const { cluster, database, set } = manifest.summary
    return { cluster, database, set }
  }
  beforeAll(async () => {
    const database = `${bench.database}_fidelity`
    const url = await createFidelityDatabase(bench.sandbox, database)
    await bench.sandbox.psql(url, manySql)
    one = await bench.begin()
    one.database = database
    manifest = await one.backup({ connection: resolveConnection(asFidelityBackup(url), {}) })
  })
  afterAll(() => target?.stop())
  afterEach(() => bench.expectNoTraces())
  return {
    get one() {
      return one
    },
    get manifest() {
      return manifest
    },
    get address() {
      return address()
    },
    get directory() {
      return bench.directory
    },
    into,
    ask,
    restores: (options = {}) => FanRestoreCase.of(one, address(), { into: into('postgres'), ...options }),
    run: (as) => ({ database: address().database, set: address().set, as }),
    left: () =>
      ask(`SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')
        UNION ALL SELECT rolname FROM pg_roles WHERE rolname LIKE 'fidelity%' ORDER BY 1`),
    evidence: async () => {
      const files = [...(await listFiles(one.truth, address())).keys()].filter((file) => file.startsWith('evidence/')).sort()
      const read = (file: string) => readObject(one.truth, setPrefix(address()) + file)
      const all = await Promise.all(files.map(async (file) => parseEvidence(await read(file))))
      return all.flatMap((known) => known ?? [])
    },
  }
}

/** Numbers of tasks that were done by calls of `work`. */
export function doneBy(answers: readonly [StepEvent, StepAnswer][]): number[] {
  return answers.flatMap(([{ step }, answer]) =>
    step === 'work' && 'result' in answer ? [(answer.result as { done: number }).done] : [],
  )
}
