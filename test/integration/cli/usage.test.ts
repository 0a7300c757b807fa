import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { ballast } from '../../support/run-cli.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { SqlSession } from '../../support/sql-session.ts'
import { until } from '../../support/traces.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ BALLAST_PG_BIN: sandbox.pgBin }))

test.each([
  [[], /Usage: ballast/],
  [['lst'], /Did you mean list/],
  [['backup', '--workers', '0'], /whole number from 1 to 64/],
  [['backup', '--nonsense'], /unknown option '--nonsense'/],
  [['restore', 'latest'], /required option '--to <url>'/],
  [['backup'], /no database is named/],
  [['list'], /no store is named/],
  [['list', '--config', 'none.ts'], /there is no such file/],
  [['prune', '--store', 's3://bucket'], /a sweep of a whole bucket is refused/],
  [['prune', '--store', 'file:///tmp/x', '--older-than', 'soon'], /'soon' is not a duration/],
  [['restore', 'x', '--store', 'file:///tmp/x', '--to', 'postgresql://h/d'], /not the name of a backup set/],
])('%j is a mistake in the arguments: exit code 2', async (args, message) => {
  const said = await cli.run(args)
  expect(said).toMatchObject({ code: 2, stdout: '' })
  expect(said.stderr).toMatch(message)
})

test('with --json a mistake in the arguments is an Outcome too', async () => {
  const { code, outcome } = await cli.outcome(['backup', '--nonsense'])
  expect(code).toBe(2)
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'config', message: "unknown option '--nonsense'" } })
})

test('--help and --version are no mistakes', async () => {
  expect(await cli.run(['backup', '--help'])).toMatchObject({ code: 0, stderr: '' })
  expect((await cli.run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('a failed run says what, on what and what to do, without a stack unless asked', async () => {
  const args = ['backup', '--url', 'postgresql://u@127.0.0.1:1/d', '--store', 'file:///tmp/x']
  const plain = await cli.run(args)
  expect(plain.code).toBe(3)
  expect(plain.stderr.split('\n')).toHaveLength(5)
  expect(plain.stderr).toMatch(/^ballast backup failed: .*\n {2}on {4}.*\n {2}kind {2}transient.*\n {2}next {2}.*\n$/)
  expect((await cli.run(args, { BALLAST_DEBUG: '1' })).stderr).toMatch(/\n {4}at /)
})

test('a password is in no message', async () => {
  const url = sandbox.backupUrl('no_such_database')
  const password = new URL(url).password
  const said = await cli.run(['backup', '--url', url, '--store', 'file:///tmp/x', '--json'], { BALLAST_DEBUG: '1' })
  expect(said.code).toBe(2)
  expect(said.stdout + said.stderr).toContain('no_such_database')
  expect(said.stdout + said.stderr).not.toContain(password)
})

test('a reader that closes early is no failure', async () => {
  const child = spawn(ballast, ['--help'], { env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')])
  expect(stderr).toBe('')
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a backup cleanly with %i and a message', async (signal, code) => {
  const database = `cli_${signal.toLowerCase()}`
  await sandbox.createDatabase(database)
  const other = await SqlSession.open(sandbox.primary.url(database))
  const kept: ChildProcess[] = []
  try {
    // The backup waits for this lock, and so is surely at work when the signal comes.
    await other.run('CREATE TABLE t (id int)')
    await other.run('BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE')
    const args = ['backup', '--url', sandbox.backupUrl(database), '--store', `file://${cli.directory()}/stopped`]
    const child = spawn(ballast, [...args, '--lock-wait', '10 min'], {
      cwd: cli.directory(),
      env: { PATH: process.env.PATH, BALLAST_PG_BIN: sandbox.pgBin },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    kept.push(child)
    const said = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
    const waiting = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock'`
    await until('the backup waits', async () => (await sandbox.psql(sandbox.primary.adminUrl(), waiting)) === '1')
    child.kill(signal)
    const [stdout, stderr, [exit]] = await said
    expect(exit).toBe(code)
    expect(stdout).toBe('')
    expect(stderr).toContain(`${signal}: stopping`)
    expect(stderr).toContain(`the run was stopped by ${signal}`)
  } finally {
    for (const child of kept) child.kill('SIGKILL')
    await other.close()
  }
})
