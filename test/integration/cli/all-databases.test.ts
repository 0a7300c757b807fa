import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => ({
  BALLAST_PG_BIN: sandbox.pgBin,
  ONE: sandbox.backupUrl('cli_one'),
  TWO: sandbox.backupUrl('cli_two'),
}))
const config = fileURLToPath(new URL('../../../config/index.ts', import.meta.url))

/** A definition of two databases, whose addresses are in the environment. */
function definition(directory: string): string {
  return `import { defineCluster, env } from '${config}'
export default defineCluster({
  name: 'shop',
  nodes: [{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'db-1', role: 'primary', address: '10.0.0.11' }],
  databases: [
    { name: 'cli_one', owner: 'app', connection: { url: env('ONE') } },
    { name: 'cli_two', owner: 'app', connection: { url: env('TWO') } },
  ],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32'] },
  backup: { source: 'primary', stores: [{ type: 'file', name: 'disk', directory: '${directory}' }], retention: { keep: { daily: 30 } } },
})
`
}

beforeAll(async () => {
  for (const name of ['cli_one', 'cli_two']) {
    await sandbox.createDatabase(name)
    await sandbox.psql(sandbox.primary.url(name), 'CREATE TABLE t AS SELECT generate_series(1, 10) AS id')
  }
  await writeFile(join(cli.directory(), 'ballast.config.ts'), definition(join(cli.directory(), 'store')))
})

test('one that fails does not stop the others, and the exit code says so', async () => {
  const broken = await cli.outcome(['backup', '--all'], { ONE: 'postgresql://ballast_backup@127.0.0.1:1/cli_one' })
  expect(broken.code).toBe(3)
  expect(broken.outcome).toMatchObject({ subject: 'shop', ok: false, numbers: { databases: 2, failedDatabases: 1 } })
  expect(broken.outcome.failure?.message).toContain('1 of 2 failed (shop/cli_one)')
  const listed = await cli.run(['list'])
  expect(listed.stdout).toContain('shop/cli_two\n')
  expect(listed.stdout).not.toContain('cli_one')
})

test('all of the definition, from its file in the working directory', async () => {
  const said = await cli.run(['backup', '--all'])
  expect(said.stderr).toBe('')
  expect(said.code).toBe(0)
  expect(said.stdout.match(/^backed up shop\/cli_(one|two) /gm)).toHaveLength(2)
})

test('without --all the choice must be clear', async () => {
  const unclear = await cli.outcome(['backup'])
  expect(unclear).toMatchObject({
    code: 2,
    outcome: { failure: { kind: 'config', message: 'the definition has several databases' } },
  })
  expect((await cli.outcome(['backup', '--database', 'cli_one'])).outcome).toMatchObject({ ok: true, subject: 'shop/cli_one' })
})

test('a bad definition is listed path by path', async () => {
  await writeFile(join(cli.directory(), 'bad.ts'), definition('relative').replace("name: 'shop'", "name: 'Shop'"))
  const said = await cli.run(['list', '--config', 'bad.ts'])
  expect(said.code).toBe(2)
  expect(said.stderr).toContain('bad.ts has 2 problems:\n  name: ')
  expect(said.stderr).toContain('\n  backup.stores[0].directory: ')
})
