import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { connectionsOf, type SandboxConnections } from '../../sandbox/connections.ts'
import { BackupCase, type CasePlace } from './backup-case.ts'
import { copyDatabase, createFaultDatabase, type FaultDatabaseSize } from './fault-database.ts'
import { type S3FaultProxy, startS3FaultProxy } from './s3-fault-proxy.ts'
import { serversDirectory } from './servers-directory.ts'
import { processesNaming, untilNone } from './traces.ts'

/** What the backups of one test file share. */
export interface BackupBench extends CasePlace {
  /** Starts a case: a prefix of its own in the bucket, a proxy of its own before the store. */
  begin(): Promise<BackupCase>
  /** A new copy of the database, for cases that change theirs. */
  freshDatabase(): Promise<string>
  /** Asserts that no process, directory or server session is left of what ran. */
  expectNoTraces(): Promise<void>
}

export interface BenchOptions {
  size?: FaultDatabaseSize
  /** The cluster to work on; the sandbox that all tests share without it. */
  cluster?: () => SandboxConnections
}

/** Sets the bench of a test file up, and takes it down after its tests. */
export function useBackupBench(name: string, { size = 'small', cluster }: BenchOptions = {}): BackupBench {
  const cases: BackupCase[] = []
  const proxies: S3FaultProxy[] = []
  const ends: (() => Promise<void>)[] = []
  const systemTemporary = tmpdir()
  let sandbox: SandboxConnections
  let directory = ''
  let copies = 0
  const database = `faults_${name}`
  const bench: BackupBench = {
    get sandbox() {
      return sandbox
    },
    database,
    get temporary() {
      return join(directory, 'tmp')
    },
    get directory() {
      return directory
    },
    atEnd: (work) => void ends.push(work),
    begin: async () => {
      const proxy = await startS3FaultProxy(sandbox.s3.endpoint)
      proxies.push(proxy)
      const begun = new BackupCase(bench, proxy, `${database}/${cases.length}`)
      cases.push(begun)
      return begun
    },
    freshDatabase: async () => {
      copies += 1
      const name = `${database}_${copies}`
      await copyDatabase(sandbox, database, name)
      return name
    },
    expectNoTraces: async () => {
      expect(await untilNone(() => processesNaming(directory)), 'processes').toEqual([])
      expect(await untilNone(() => readdir(bench.temporary)), 'temporary directories').toEqual([])
      expect(await untilNone(() => sessions(sandbox, database)), 'sessions').toEqual([])
    },
  }
  beforeAll(async () => {
    sandbox = cluster?.() ?? connectionsOf(inject('sandbox'))
    Object.assign(process.env, sandbox.s3.env)
    directory = await mkdtemp(join(serversDirectory(), 'ballast-faults-'))
    await mkdir(bench.temporary)
    // Servers of a test's own are made here too, and run as a user of their own.
    for (const path of [directory, bench.temporary]) await chmod(path, 0o755)
    process.env.TMPDIR = bench.temporary
    await createFaultDatabase(sandbox, database, size)
  })
  afterAll(async () => {
    for (const end of ends) await end()
    for (const one of cases) one.close()
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    process.env.TMPDIR = systemTemporary
    if (cluster === undefined) await dropDatabases(sandbox, database)
    await rm(directory, { recursive: true, force: true })
  })
  return bench
}

/** Sessions of runs in the databases of a bench, as words: application, state, query. */
async function sessions(sandbox: SandboxConnections, database: string): Promise<string[]> {
  const query = `SELECT application_name, state, left(query, 80) FROM pg_stat_activity
    WHERE datname LIKE '${database}%' AND application_name ~ '^(ballast|pg_dump|pg_restore)'`
  const text = await sandbox.psql(sandbox.primary.adminUrl(), query)
  return text === '' ? [] : text.split('\n')
}

/** Gives the disk back: all files of a directory of tests share one cluster. */
async function dropDatabases(sandbox: SandboxConnections, database: string): Promise<void> {
  const url = sandbox.primary.adminUrl()
  const query = `SELECT format('DROP DATABASE %I WITH (FORCE);', datname) FROM pg_database WHERE datname LIKE '${database}%'`
  await sandbox.psql(url, await sandbox.psql(url, query))
}
