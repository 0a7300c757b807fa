import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { useCommandLine } from '../../support/command-line.ts'
import { directoryStore, runDefinition } from '../../support/run-definition.ts'

const cli = useCommandLine(() => ({}))
const inStore = (...parts: string[]): string => join(cli.directory(), 'nas', ...parts)
const records = async (): Promise<string[]> => (await readdir(inStore('shop/.ballast/drills')).catch(() => [])).sort()
const file = (...args: string[]) => cli.run(['rehearse', ...args, '--config', 'shop.ts'])
const restoreTest = ['--record', 'restore-test', '--by', 'Ana Souza', '--note', 'app from nas: 41 min']

beforeEach(async () => {
  await rm(inStore(), { recursive: true, force: true })
  await mkdir(inStore(), { recursive: true })
  await mkdir(join(cli.directory(), 'main'), { recursive: true })
  const stores = ['main', 'nas'].map((name) => directoryStore(name, join(cli.directory(), name)))
  const more = "handover: { drills: { restoreTest: 'monthly on 1 at 09:00', store: 'nas' } },"
  const databases = ["{ name: 'app', owner: 'app' }"]
  await writeFile(join(cli.directory(), 'shop.ts'), runDefinition({ databases, stores, more }))
})

test('a restore test is filed in the store of the definition, with who did it and what was found', async () => {
  const { code, stdout } = await file(...restoreTest)
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^filed restore-test, passed: file:\/\/\S+\/nas\/shop\/\.ballast\/drills\/\d{8}T\d{6}Z-restore-test\.json\n {2}due from \d{4}-\d\d-01 09:00 UTC on; the last one passed on /,
  )
  const [name = '', ...others] = await records()
  expect(others).toEqual([])
  expect(JSON.parse(await readFile(inStore('shop/.ballast/drills', name), 'utf8'))).toMatchObject({
    ...{ rehearsal: 'restore-test', result: 'passed', by: 'Ana Souza', note: 'app from nas: 41 min' },
  })
})

test('one that failed is filed as well, and is what the checks and the status then say', async () => {
  const filed = await cli.outcome(['rehearse', ...restoreTest, '--failed', '--config', 'shop.ts'])
  expect(filed).toMatchObject({
    code: 0,
    outcome: { operation: 'rehearse', subject: 'shop', ok: true, numbers: { rehearsal: 'restore-test', result: 'failed' } },
  })
  const checked = await cli.outcome(['check', 'freshness', '--config', 'shop.ts'])
  expect(checked.code).toBe(1)
  expect(checked.outcome.failure?.message).toContain('restore-test: result')
  const status = await cli.run(['status', '--config', 'shop.ts'])
  expect(status.stdout).toMatch(/FAIL {5}restore-test, rehearsal-failed: the last one, on \S+ \S+ UTC, failed\n/)
  expect(status.stdout).toMatch(/^By people +Last +Result +Who +Due\nrestore-test +\d s ago +FAILED +Ana Souza +in /m)
})

test('where only some backups are asked about, nothing is said of it', async () => {
  await file(...restoreTest, '--failed')
  const { outcome } = await cli.outcome(['check', 'freshness', '--database', 'app', '--config', 'shop.ts'])
  expect(outcome.failure?.message).toContain('shop/app')
  expect(outcome.failure?.message).not.toContain('restore-test')
})

test('what the definition does not ask for is kept all the same', async () => {
  const { code, stdout } = await file('--record', 'drill', '--by', 'Rui', '--note', 'all alerts came')
  expect(code).toBe(0)
  expect(stdout).toContain('The definition asks for none')
  expect(await records()).toEqual([expect.stringMatching(/-drill\.json$/)])
})

test.each<[string, string[], string]>([
  ['nothing to file', ['--by', 'Ana', '--note', 'n'], '--record'],
  ['something else to file', ['--record', 'stress', '--by', 'Ana', '--note', 'n'], 'restore-test, drill'],
  ['nobody who did it', ['--record', 'drill', '--note', 'n'], '--by'],
  ['nothing of what was found', ['--record', 'drill', '--by', 'Ana', '--note', '  '], '1 to 2000'],
  ['a name that is too long', ['--record', 'drill', '--by', 'x'.repeat(201), '--note', 'n'], '1 to 200'],
])('%s is refused, and nothing is filed', async (_, args, said) => {
  const { code, stderr } = await file(...args)
  expect(code).toBe(2)
  expect(stderr).toContain(said)
  expect(await records()).toEqual([])
})

test('a store whose disk is not mounted is not filled in its place', async () => {
  await rm(inStore(), { recursive: true })
  const { code, stderr } = await file(...restoreTest)
  expect(code).toBe(3)
  expect(stderr).toContain('Mount the disk')
  expect(await records()).toEqual([])
})
