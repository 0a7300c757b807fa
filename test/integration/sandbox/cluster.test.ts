import { readFile, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const admin = (sql: string) => sandbox.psql(sandbox.primary.adminUrl(), sql)

test('the standby streams through its slot and replays what the primary writes', async () => {
  await sandbox.createDatabase('streaming')
  await sandbox.psql(sandbox.primary.url('streaming'), 'CREATE TABLE sent AS SELECT generate_series(1, 1000) AS id')
  await sandbox.waitForStandby()

  const replayed = await sandbox.psql(sandbox.standby.url('streaming'), 'SELECT pg_is_in_recovery(), count(*) FROM sent')
  expect(replayed).toBe('t|1000')
  expect(await admin('SELECT slot_name, slot_type, active FROM pg_replication_slots')).toBe('standby|physical|t')
  expect(await admin('SELECT state FROM pg_stat_replication')).toBe('streaming')
})

test('PgBouncer lets an application user in by auth_query, and shares server connections between transactions', async () => {
  const url = sandbox.pgbouncer.url()
  expect(await sandbox.psql(url, 'SELECT current_user, inet_server_port()')).toBe(`app|${sandbox.primary.port}`)
  const stored = await readFile(join(dirname(sandbox.pgbouncer.logFile), 'userlist.txt'), 'utf8')
  expect(stored).toContain('"pgbouncer"')
  expect(stored).not.toContain('app')
  const pooler = sandbox.pgbouncer.url('pgbouncer', 'pgbouncer')
  expect(await sandbox.psql(pooler, 'SHOW CONFIG')).toContain('pool_mode|transaction')
})

test('PgBouncer lets neither a superuser, nor an unknown user, nor a wrong password in', async () => {
  const { port } = sandbox.pgbouncer
  await expect(sandbox.psql(sandbox.pgbouncer.url('app', 'postgres'), 'SELECT 1')).rejects.toThrow('no such user')
  await expect(sandbox.psql(sandbox.pgbouncer.url('app', 'nobody'), 'SELECT 1')).rejects.toThrow('no such user')
  const guess = sandbox.psql(`postgresql://app:guess@127.0.0.1:${port}/app`, 'SELECT 1')
  await expect(guess).rejects.toThrow('SASL authentication failed')
})

test('the servers run as an unprivileged user, with checksums and SCRAM, on loopback alone', async () => {
  const owner = await stat(sandbox.primary.dataDirectory)
  expect(owner.uid).not.toBe(0)
  expect(owner.mode & 0o077).toBe(0)
  expect(await admin('SHOW data_checksums')).toBe('on')
  expect(await admin('SHOW listen_addresses')).toBe('127.0.0.1')
  expect(await admin("SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid WHERE rolcanlogin")).toBe('t')
  expect(await admin('SELECT DISTINCT auth_method FROM pg_hba_file_rules')).toBe('scram-sha-256')
})

test('the backup role reads what it does not own, on both servers, and is no superuser', async () => {
  await sandbox.createDatabase('readable')
  await sandbox.psql(sandbox.primary.url('readable'), 'CREATE TABLE private (id int); INSERT INTO private VALUES (7)')
  await sandbox.waitForStandby()
  for (const url of [sandbox.backupUrl('readable'), sandbox.standbyBackupUrl('readable')]) {
    expect(await sandbox.psql(url, 'SELECT current_user, (SELECT id FROM private)')).toBe('ballast_backup|7')
  }
  await expect(sandbox.psql(sandbox.backupUrl('readable'), 'DELETE FROM private')).rejects.toThrow('permission denied')
  expect(await admin("SELECT rolsuper FROM pg_roles WHERE rolname = 'ballast_backup'")).toBe('f')
})

test('the secrets of the sandbox are in no argument of its processes', async () => {
  const secrets = [...Object.values(sandbox.data.passwords), sandbox.s3.secretKey]
  const pids = [sandbox.primary.pid, sandbox.standby.pid, sandbox.pgbouncer.pid, sandbox.s3.pid]
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))
  expect(lines.every((line) => line.length > 0)).toBe(true)
  for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret)
})
