import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findCandidates, findClientTools } from '../../../../functions/platform/postgres/client-tools.ts'
import { failureOf } from '../../../support/failures.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'ballast-tools-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** A directory of programs that only know their version. */
function programs(name: string, version: string, names: readonly string[]): string {
  const directory = join(root, name)
  mkdirSync(directory)
  for (const program of names) {
    const path = join(directory, program)
    writeFileSync(path, `#!/bin/sh\necho '${program} (PostgreSQL) ${version}'\n`)
    chmodSync(path, 0o755)
  }
  return directory
}

const CLIENT = ['pg_dump', 'pg_restore', 'pg_dumpall', 'psql']

describe('client tools', () => {
  test("this machine's own are found without PATH, and answer", async () => {
    const tools = await findClientTools(14, {})
    expect(tools).toMatchObject({ pgDump: join(tools.directory, 'pg_dump'), psql: join(tools.directory, 'psql') })
    expect(tools.version).toMatch(new RegExp(`^${tools.major}\\b`))
  })

  test('newer ones on PATH go before them; a server is found elsewhere only if it is not older', async () => {
    const directory = programs('newer', '97.2', [...CLIENT, 'pg_amcheck'])
    const tools = await findClientTools(97, { PATH: `relative:${directory}` })
    expect(tools).toMatchObject({ major: 97, version: '97.2', directory, amcheck: join(directory, 'pg_amcheck') })
    expect(tools).not.toHaveProperty('server')
  })

  test('a server of the same directory comes along', async () => {
    const directory = programs('whole', '98.0', [...CLIENT, 'initdb', 'postgres', 'pg_ctl'])
    const { server } = await findClientTools(98, { PATH: directory })
    expect(server).toEqual({
      ...{ initdb: join(directory, 'initdb'), pgCtl: join(directory, 'pg_ctl') },
      postgres: join(directory, 'postgres'),
      major: 98,
    })
  })

  test('BALLAST_PG_BIN is the only place looked at', async () => {
    const old = programs('old', '9.6.24', CLIENT)
    expect(await findCandidates({ BALLAST_PG_BIN: old, PATH: '/usr/bin' })).toHaveLength(1)
    expect(await failureOf(findClientTools(14, { BALLAST_PG_BIN: old }))).toMatchObject({
      kind: 'config',
      message: expect.stringContaining(`found 9.6.24 in ${old}`),
    })
    expect(await failureOf(findClientTools(14, { BALLAST_PG_BIN: root }))).toMatchObject({
      kind: 'config',
      subject: 'BALLAST_PG_BIN',
    })
  })

  test("Debian's wrapper is no candidate, nor is a program that fails or is another's", async () => {
    const directory = join(root, 'wrapped')
    mkdirSync(directory)
    writeFileSync(join(directory, 'pg_wrapper'), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 96.0'\n", { mode: 0o755 })
    symlinkSync('pg_wrapper', join(directory, 'pg_dump'))
    const broken = join(root, 'broken')
    mkdirSync(broken)
    writeFileSync(join(broken, 'pg_dump'), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    writeFileSync(join(broken, 'psql'), '#!/bin/sh\necho psql 96.0\n', { mode: 0o755 })
    const found = await findCandidates({ PATH: `${directory}:${broken}` })
    expect(found.map((one) => one.directory).filter((one) => one.startsWith(root))).toEqual([])
  })

  test('none new enough: what to install', async () => {
    expect(await failureOf(findClientTools(99, {}))).toMatchObject({
      kind: 'config',
      code: 'NO_CLIENT_TOOLS',
      hint: expect.stringContaining('apt-get install postgresql-client-99'),
    })
  })
})
