import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { findProgram } from '../../../functions/platform/process/programs.ts'
import { makeAgeKeys, writeIdentity } from '../../support/age-keys.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { createFaultDatabase, fingerprint } from '../../support/fault-database.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({ BALLAST_PG_BIN: sandbox.pgBin }))
const run = promisify(execFile)
const database = 'cli_encrypted'
const keys = makeAgeKeys()
let set = ''
let right: string[] = []
let wrong: string[] = []
let targets = 0

const store = (name = 'sets'): string[] => ['--store', `file://${cli.directory()}/${name}`]
const files = (name = 'sets'): string => join(cli.directory(), name, 'default', database, set)
const admin = (name: string): string => sandbox.primary.adminUrl(name)

async function target(): Promise<string> {
  targets += 1
  const name = `${database}_${targets}`
  await sandbox.psql(admin('postgres'), `CREATE DATABASE ${name} TEMPLATE template0`)
  return name
}

const tables = (name: string): Promise<string> =>
  sandbox.psql(admin(name), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")

beforeAll(async () => {
  await createFaultDatabase(sandbox, database, 'large')
  right = ['--identity', writeIdentity(keys, cli.directory())]
  wrong = ['--identity', writeIdentity(makeAgeKeys(), cli.directory(), 'other.txt')]
  const url = ['--url', sandbox.backupUrl(database)]
  const { code, outcome } = await cli.outcome([
    'backup',
    ...url,
    ...store(),
    '--workers',
    '5',
    '--age-recipient',
    keys.recipient,
  ])
  expect(code).toBe(0)
  set = String(outcome.numbers.set)
  // Enough for workers in more than one thread, each of which encrypts and decrypts by itself.
  expect((await readdir(join(files(), 'data'))).length).toBeGreaterThan(5)
})

test('only what says what a set is can be read; the rows, the schema and the roles cannot', async () => {
  const found = await readdir(files(), { recursive: true })
  expect(found.filter((file) => !/^data$|\.age$/.test(file)).sort()).toEqual(['manifest.json', 'restore.sh'])
  for (const file of found.filter((name) => name.endsWith('.age'))) {
    expect((await readFile(join(files(), file))).toString('latin1', 0, 21)).toBe('age-encryption.org/v1')
  }
  expect((await cli.outcome(['list', ...store()])).outcome.numbers).toMatchObject({ sets: 1, damagedSets: 0 })
})

test('it verifies with its identity, and claims nothing without', async () => {
  const none = await cli.outcome(['verify', ...store()])
  expect(none).toMatchObject({
    code: 2,
    outcome: { failure: { code: 'NO_IDENTITY', hint: expect.stringContaining(keys.recipient) } },
  })
  expect(await cli.outcome(['verify', ...store(), ...wrong])).toMatchObject({
    code: 2,
    outcome: { failure: { code: 'WRONG_IDENTITY' } },
  })
  expect(await readdir(files())).not.toContain('evidence')
  const verified = await cli.outcome(['verify', ...store(), ...right])
  expect(verified).toMatchObject({ code: 0, outcome: { ok: true, numbers: { findings: 0 } } })
})

test('it restores whole, and one table of a shared unit, to what was backed up', async () => {
  const whole = await target()
  const restored = await cli.run(['restore', 'latest', ...store(), ...right, '--to', admin(whole), '--jobs', '5'])
  expect(restored.stderr).toBe('')
  expect(await fingerprint(sandbox, admin(whole))).toBe(await fingerprint(sandbox, admin(database)))
  const one = await target()
  const part = await cli.run(['restore', 'latest', ...store(), ...right, '--to', admin(one), '--table', 'customers'])
  expect(part.code).toBe(0)
  expect(await sandbox.psql(admin(one), 'SELECT count(*) FROM customers')).toBe('2000')
})

describe('nothing is touched by a restore', () => {
  test.each<[string, () => string[], string]>([
    ['without an identity', () => [], 'NO_IDENTITY'],
    ['with the identity of another', () => wrong, 'WRONG_IDENTITY'],
    ['with an identity that is none', () => ['--identity', join(files(), 'manifest.json')], 'BAD_IDENTITY'],
  ])('%s', async (_, options, failure) => {
    const name = await target()
    const { code, outcome } = await cli.outcome(['restore', 'latest', ...store(), ...options(), '--to', admin(name)])
    expect({ code, failure: outcome.failure?.code }).toEqual({ code: 2, failure })
    expect(await tables(name)).toBe('0')
  })
})

describe('a damaged encrypted set is refused where', () => {
  const flip = (at: number) => async (path: string) => {
    const bytes = await readFile(path)
    const place = at < 0 ? bytes.length + at : at
    bytes[place] = (bytes[place] ?? 0) ^ 1
    await writeFile(path, bytes)
  }
  const last = async (name: string): Promise<string> => (await readdir(join(files(name), 'data'))).sort().at(-1) ?? ''

  test.each<[string, string, (path: string) => Promise<unknown>, boolean]>([
    ['a bit of its schema is flipped', 'schema.dump.age', flip(-20), true],
    ['a bit of the header of its schema is flipped', 'schema.dump.age', flip(40), true],
    ['its schema is cut off', 'schema.dump.age', (path) => truncate(path, 900), true],
    ['a bit of its rows is flipped', 'data', flip(-20), false],
    ['a bit of the header of its rows is flipped', 'data', flip(40), false],
    ['its rows are cut off', 'data', (path) => truncate(path, 300), true],
  ])('%s', async (_, file, damage, untouched) => {
    const name = 'damaged'
    await rm(join(cli.directory(), name), { recursive: true, force: true })
    await cp(join(cli.directory(), 'sets'), join(cli.directory(), name), { recursive: true })
    await damage(join(files(name), file === 'data' ? join('data', await last(name)) : file))
    const into = await target()
    const { code, outcome } = await cli.outcome(['restore', set, ...store(name), ...right, '--to', admin(into)])
    expect({ code, failure: outcome.failure?.code }).toEqual({ code: 3, failure: 'DAMAGED' })
    expect(outcome.failure?.message.includes('is not whole') && !outcome.failure.message.startsWith('set ')).toBe(!untouched)
    if (untouched) expect(await tables(into)).toBe('0')
    const verified = await cli.outcome(['verify', set, ...store(name), ...right])
    expect(verified).toMatchObject({ code: 1, outcome: { failure: { kind: 'unwell' } } })
  })
})

describe('its restore.sh', () => {
  const script = (name: string, env: Record<string, string>, path = process.env.PATH ?? '') => {
    const { hostname, port, username, password } = new URL(admin(name))
    const server = {
      PGHOST: decodeURIComponent(hostname),
      PGPORT: port,
      PGUSER: username,
      PGPASSWORD: decodeURIComponent(password),
    }
    return run('sh', [join(files(), 'restore.sh')], {
      env: { PATH: `${sandbox.pgBin}:${path}`, DBNAME: name, ...server, ...env },
    })
  }

  test('restores with the stock age tool', async () => {
    const name = await target()
    await script(name, { AGE_IDENTITY: right[1] ?? '', JOBS: '3', GLOBALS: 'no' })
    expect(await fingerprint(sandbox, admin(name))).toBe(await fingerprint(sandbox, admin(database)))
  })

  test('says what it needs, and stops before it touches anything', async () => {
    const name = await target()
    await expect(script(name, {})).rejects.toThrow(/AGE_IDENTITY: set AGE_IDENTITY to the file/)
    await expect(script(name, { AGE_IDENTITY: wrong[1] ?? '' })).rejects.toThrow(/schema\.dump\.age cannot be decrypted with/)
    expect(await tables(name)).toBe('0')
  })

  test('names the package where age is not installed', async () => {
    const bin = join(cli.directory(), 'bin')
    await mkdir(bin)
    for (const program of ['sh', 'zstd', 'psql', 'pg_restore', 'sha256sum', 'awk', 'dirname', 'mktemp', 'rm']) {
      const path = await findProgram(program, [sandbox.pgBin, ...(process.env.PATH ?? '').split(delimiter)])
      if (path === undefined) throw new Error(`${program} is not installed`)
      await symlink(path, join(bin, program))
    }
    const sh = join(bin, 'sh')
    const env = { PATH: bin, DBNAME: 'x', AGE_IDENTITY: right[1] ?? '' }
    await expect(run(sh, [join(files(), 'restore.sh')], { env, cwd: dirname(sh) })).rejects.toThrow(
      /age is not installed \(Debian: apt-get install zstd postgresql-client age\)/,
    )
  })
})
