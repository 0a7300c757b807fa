import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Check } from '../../../functions/platform/check.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ ...sandbox.s3.env, BALLAST_PG_BIN: sandbox.pgBin }))
const database = 'cli_doctor'

async function checks(args: readonly string[]) {
  const { code, outcome } = await cli.outcome(['doctor', ...args])
  const found = (outcome.details as { checks: Check[] }).checks
  return { code, outcome, status: (name: string) => found.find((check) => check.name === name)?.status, found }
}

test('a standby and a store that are well, with what a careful eye would change', async () => {
  await sandbox.createDatabase(database)
  await sandbox.psql(sandbox.primary.url(database), 'CREATE TABLE t (id int); CREATE UNLOGGED TABLE u (id int)')
  await sandbox.waitForStandby()
  const store = `s3://${sandbox.s3.bucket}/cli-doctor`
  const result = await checks(['--url', sandbox.standbyBackupUrl(database), '--store', store, '--provider', 'versitygw'])
  expect(result.code).toBe(0)
  for (const name of [
    'client tools',
    'connection',
    'pooler',
    'server',
    'role',
    'connections',
    'readable',
    'write',
    'write once',
    'read back',
    'list',
    'clock',
    'delete',
    'uploads',
    'lifecycle',
  ]) {
    expect([name, result.status(name)]).toEqual([name, 'ok'])
  }
  expect(result.status('unlogged')).toBe('warn')
  expect(result.found.filter(({ status, fix }) => status !== 'ok' && fix === undefined)).toEqual([])
  const left = await readdir(join(sandbox.s3.objectsDirectory, sandbox.s3.bucket, 'cli-doctor'), { recursive: true }).catch(
    () => [],
  )
  expect(left.filter((name) => /[0-9a-f]{8}-/.test(name))).toEqual([])
})

test('a generic endpoint is asked whether it enforces conditional writes', async () => {
  const result = await checks(['--url', sandbox.backupUrl(database), '--store', `s3://${sandbox.s3.bucket}/cli-doctor`])
  expect(result.status('write once')).toBe('ok')
})

test('what the role cannot read is named, and fails', async () => {
  await sandbox.psql(
    sandbox.primary.url(database),
    'CREATE TABLE hidden (id int); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY; ALTER TABLE hidden FORCE ROW LEVEL SECURITY',
  )
  const url = sandbox.primary.url(database)
  const result = await checks(['--url', url, '--store', `file://${cli.directory()}`])
  expect(result.code).toBe(1)
  expect(result.found.find(({ name }) => name === 'readable')).toMatchObject({
    status: 'fail',
    finding: expect.stringContaining('public.hidden'),
  })
})

test('a directory that is not there is not made', async () => {
  const directory = join(cli.directory(), 'not-mounted')
  const result = await checks(['--url', sandbox.backupUrl(database), '--store', `file://${directory}`])
  expect([result.code, result.status('directory')]).toEqual([1, 'fail'])
  expect(await readdir(cli.directory())).not.toContain('not-mounted')
})

test('a pooler, a dead address and a missing bucket fail with what to do, and do not hide each other', async () => {
  const pooled = await checks(['--url', sandbox.pgbouncer.url(database), '--store', 's3://no-such-bucket-here'])
  expect(pooled.code).toBe(1)
  expect(pooled.status('pooler')).toBe('fail')
  expect(pooled.status('write')).toBe('fail')
  const dead = await cli.run(['doctor', '--url', 'postgresql://u@127.0.0.1:1/d'])
  expect(dead.code).toBe(1)
  expect(dead.stdout).toMatch(/FAIL {2}connection {2}.*ECONNREFUSED/)
  expect(dead.stdout).toContain('-> Nothing listens there')
  expect(dead.stderr).toMatch(/^ballast doctor: not well: u@127\.0\.0\.1:1\/d: connection\n/)
})
