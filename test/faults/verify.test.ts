import { execFile } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { chmod, mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { setPrefix } from '../../functions/archive/keys.ts'
import type { Failure } from '../../functions/platform/failure.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import type { VerifyReport } from '../../functions/verify/report.ts'
import { type VerifyOptions, type VerifyProgress, verify } from '../../functions/verify/verify.ts'
import { useBackupBench } from '../support/backup-bench.ts'
import { type BackupCase, type ExpectedFailure, expectFailure } from '../support/backup-case.ts'
import { failureOf } from '../support/failures.ts'
import { processesOf } from '../support/processes.ts'
import type { FaultRule } from '../support/s3-fault.ts'
import { storeContent } from '../support/store-content.ts'
import { onlyWork, type ToolScripts, wrapTools } from '../support/wrapped-tools.ts'

const bench = useBackupBench('verify')
const run = promisify(execFile)
const always = Number.POSITIVE_INFINITY
let one: BackupCase
let address: VerifyOptions['address']
let scratch: string

beforeAll(async () => {
  one = await bench.begin()
  const { cluster, database, set } = (await one.backup()).summary
  address = { cluster, database, set }
  scratch = await mkdtemp(join(bench.directory, 'scratch-'))
  await chmod(scratch, 0o755)
})
afterEach(async () => {
  one.proxy.clear()
  expect(await readdir(scratch)).toEqual([])
  await bench.expectNoTraces()
})

function verifySet(changed: Partial<VerifyOptions> = {}): Promise<VerifyReport> {
  const env = { BALLAST_PG_BIN: bench.sandbox.pgBin, BALLAST_SCRATCH_DIR: scratch }
  return verify({ store: one.store, address, jobs: 2, ...changed, env: { ...env, ...changed.env } })
}

async function evidence(): Promise<string[]> {
  return (await storeContent(one.truth)).objects.filter((key) => key.startsWith(`${setPrefix(address)}evidence/`))
}

/** Asserts that a verification fails, and so claims nothing: no evidence of either kind. */
async function fails(expected: ExpectedFailure, changed?: Partial<VerifyOptions>): Promise<Failure> {
  const before = await evidence()
  const failure = await failureOf(verifySet(changed))
  expectFailure(failure, expected)
  expect(await evidence()).toEqual(before)
  return failure
}

async function toolsWith(scripts: ToolScripts): Promise<{ env: NodeJS.ProcessEnv }> {
  const directory = await mkdtemp(join(bench.directory, 'tools-'))
  await chmod(directory, 0o755)
  return { env: { BALLAST_PG_BIN: await wrapTools(directory, bench.sandbox.pgBin, scripts) } }
}

/** Writes a file until nothing more goes on the disk, in one go: the verification must not get ahead. */
function fillDisk(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, Buffer.alloc(1024 * 1024))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}

/** Acts once, when a phase of the verification begins to move. */
function inPhase(phase: VerifyProgress['phase'], act: () => unknown): Pick<VerifyOptions, 'onProgress'> {
  let acted = false
  return {
    onProgress: (progress) => {
      if (progress.phase !== phase || acted) return
      acted = true
      act()
    },
  }
}

/** Kills the scratch server's processes that the pattern names. */
async function killServer(pattern: RegExp): Promise<void> {
  for (const pid of await processesOf(scratch)) {
    const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }))
    if (pattern.test(stdout)) process.kill(pid, 'SIGKILL')
  }
}

describe('a verification whose server', () => {
  it.each<[string, ToolScripts, ExpectedFailure]>([
    [
      'cannot be made',
      { initdb: `${onlyWork}echo 'initdb: error: no luck' >&2; exit 1` },
      { kind: 'permanent', message: /no luck/, subject: /initdb/ },
    ],
    [
      'ends at once',
      { postgres: `${onlyWork}echo 'FATAL:  no luck'; exit 1` },
      { kind: 'permanent', message: /ended while starting.*no luck/s },
    ],
    [
      'has no program',
      { postgres: undefined, initdb: undefined, pg_ctl: undefined },
      { kind: 'config', code: 'NO_SERVER_PROGRAMS', hint: /apt-get install/ },
    ],
  ])('%s', async (_, scripts, expected) => {
    await fails(expected, await toolsWith(scripts))
  })

  it.each<[string, VerifyProgress['phase'], RegExp]>([
    ['with its postmaster while rows come in', 'rows', /postgres.* -D /],
    ['with its postmaster while rows are compared', 'compare', /postgres.* -D /],
    ['with one of its processes', 'rows', /postgres: checkpointer/],
  ])('is killed %s', async (_, phase, pattern) => {
    // Sessions are cut off; a tool that has not connected yet finds no server.
    await fails(
      { kind: ['transient', 'permanent'] },
      inPhase(phase, () => void killServer(pattern)),
    )
  })

  it.for<VerifyProgress['phase']>(['schema', 'compare'])('runs out of disk (%s)', async (phase, context) => {
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=420m', 'none', scratch]).catch(() => undefined)
    if (mounted === undefined) return context.skip('mounting a small disk needs root')
    try {
      await chmod(scratch, 0o755)
      const fill = (): void => fillDisk(join(scratch, 'filler'))
      await fails({ kind: 'permanent', code: 'ENOSPC', hint: /BALLAST_SCRATCH_DIR/ }, inPhase(phase, fill))
      await expect.poll(async () => (await readdir(scratch)).filter((name) => name !== 'filler')).toEqual([])
    } finally {
      await run('umount', [scratch])
    }
  })

  it('is on a disk that is too small from the start', async (context) => {
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'none', scratch]).catch(() => undefined)
    if (mounted === undefined) return context.skip('mounting a small disk needs root')
    try {
      await fails({ kind: 'permanent', code: 'ENOSPC', subject: scratch })
    } finally {
      await run('umount', [scratch])
    }
  })

  it('is a given one that cannot be reached', async () => {
    const target = { ...resolveConnection(bench.sandbox.primary.adminUrl(), {}), hosts: [{ host: '127.0.0.1', port: 9 }] }
    await fails({ kind: 'transient', code: 'ECONNREFUSED' }, { target })
  })

  it('is a given one, on which the role may make no database: nothing is said of the set', async () => {
    await fails({ kind: 'permanent', code: '42501' }, { target: resolveConnection(bench.sandbox.backupUrl(), {}) })
  })

  it('is a given one, and ends the sessions midway', async () => {
    const target = resolveConnection(bench.sandbox.primary.adminUrl(), {})
    const end = () =>
      void bench.sandbox.psql(
        bench.sandbox.primary.adminUrl(),
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'ballast_verify%'",
      )
    await fails({ kind: 'transient' }, { target, ...inPhase('rows', end) })
    const left = "SELECT datname FROM pg_database WHERE datname LIKE 'ballast_verify%'"
    expect(await bench.sandbox.psql(bench.sandbox.primary.adminUrl(), left)).toBe('')
  })
})

describe('a verification whose tools', () => {
  it.each<[string, ToolScripts, ExpectedFailure]>([
    ['are killed: pg_restore', { pg_restore: `${onlyWork}kill -KILL $$` }, { kind: 'transient', code: 'SIGKILL' }],
    ['are killed: pg_dump', { pg_dump: `${onlyWork}kill -KILL $$` }, { kind: 'transient', code: 'SIGKILL' }],
    ['are killed: pg_amcheck', { pg_amcheck: `${onlyWork}kill -KILL $$` }, { kind: 'transient', code: 'SIGKILL' }],
    [
      'fail: pg_amcheck',
      { pg_amcheck: `${onlyWork}echo 'pg_amcheck: error: no luck' >&2; exit 1` },
      { kind: 'permanent', message: /no luck/ },
    ],
    ['are missing: pg_restore', { pg_restore: undefined }, { kind: 'config', code: 'NO_CLIENT_TOOLS' }],
  ])('%s', async (_, scripts, expected) => {
    await fails(expected, await toolsWith(scripts))
  })

  it('say nothing, and so do not count as equality: pg_dump', async () => {
    const report = await verifySet(await toolsWith({ pg_dump: `${onlyWork}exit 0` })).catch((error: unknown) => error)
    expect(report).not.toMatchObject({ equal: true })
  })
})

describe('a verification whose store', () => {
  const rule = (operation: FaultRule['operation'], fault: FaultRule['fault'], rest: Partial<FaultRule> = {}): FaultRule => ({
    operation,
    fault,
    ...rest,
  })
  const denied: FaultRule['fault'] = { type: 'refuse', status: 403, code: 'AccessDenied' }

  it.each<[string, FaultRule, ExpectedFailure]>([
    ['denies the manifest', rule('GetObject', denied, { key: 'manifest.json' }), { kind: 'permanent', code: 'AccessDenied' }],
    ['denies the listing', rule('ListObjectsV2', denied), { kind: 'permanent', code: 'AccessDenied' }],
    ['denies schema.dump', rule('GetObject', denied, { key: 'schema.dump' }), { kind: 'permanent', code: 'AccessDenied' }],
    ['denies a unit', rule('GetObject', denied, { key: 'data/', times: always }), { kind: 'permanent', code: 'AccessDenied' }],
    [
      'lets the credentials expire',
      rule('GetObject', { type: 'refuse', status: 400, code: 'ExpiredToken' }, { key: 'data/', times: always }),
      { kind: 'permanent', code: 'ExpiredToken' },
    ],
    [
      'takes no evidence',
      rule('PutObject', denied, { key: 'evidence/' }),
      { kind: 'permanent', code: 'AccessDenied', message: /was verified \(equal\), and the evidence could not be stored/ },
    ],
  ])('%s: nothing is claimed', async (_, fault, expected) => {
    one.proxy.inject(fault)
    await fails(expected)
  })

  it('has no such set', async () => {
    await fails(
      { kind: 'permanent', code: 'NoSuchKey', hint: /ballast list/ },
      { address: { ...address, set: '2001-01-01T000000Z-none' } },
    )
  })

  it('flips a bit of a unit on every way: the set is not called equal', async () => {
    one.proxy.inject(rule('GetObject', { type: 'corrupt answer', at: 5_000 }, { key: 'data/', times: always }))
    const report = await verifySet()
    expect(report.equal).toBe(false)
    expect(report.findings[0]?.subject).toMatch(/data\//)
  })

  it('breaks bodies off and answers 500 now and then: the set is proven all the same', async () => {
    one.proxy.inject(rule('GetObject', { type: 'truncate', bytes: 50_000 }, { key: 'data/', times: 3 }))
    one.proxy.inject(rule('GetObject', { type: 'refuse', status: 500, code: 'InternalError' }, { after: 4, times: 2 }))
    one.proxy.inject(rule('PutObject', { type: 'reset', when: 'after work' }, { key: 'evidence/' }))
    expect(await verifySet()).toMatchObject({ equal: true, findings: [] })
  })
})
