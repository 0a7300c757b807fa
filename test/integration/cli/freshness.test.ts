import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { formatSetName } from '../../../functions/archive/set-name.ts'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { address, storeSet } from '../../support/stored-sets.ts'

const cli = useCommandLine(() => ({}))
const hourMs = 3_600_000
const at = (hoursAgo: number): number => Math.floor((Date.now() - hoursAgo * hourMs) / 1000) * 1000
const evidence = [`${new Date(at(1)).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z-equal.json`]
const url = (name: string): string => `file://${join(cli.directory(), name)}`

/** Stores a set of shop/app that began so many hours ago. */
async function storeAged(name: string, hoursAgo: number, verified: boolean): Promise<void> {
  const store = openStore({ type: 'file', directory: join(cli.directory(), name) })
  const set = formatSetName({ startedMs: at(hoursAgo), run: 'daily' })
  await storeSet(store, address(set), verified ? { evidence } : {})
  store.close()
}

beforeAll(async () => {
  await storeAged('well', 2, true)
  await storeAged('well', 26, true)
  await storeAged('old', 30, true)
  await storeAged('unproven', 1, false)
})

test('well: exit code 0, a line for each thing that was looked at', async () => {
  const { code, stdout } = await cli.run(['check', 'freshness', '--store', url('well')])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^shop\/app\n {2}ok +backup +the newest is 2\.0 h old/)
  expect(stdout).toContain('All is well')
})

test.each<[string, string[], string]>([
  ['old', [], 'shop/app: backup'],
  ['unproven', [], 'shop/app: verification; shop/app: copies'],
  ['well', ['--max-age', '1 hour'], 'shop/app: backup'],
  ['well', ['--min-copies', '2'], 'shop/app: copies'],
  ['well', ['--cluster', 'shop', '--database', 'other'], 'shop/other: backup; shop/other: verification; shop/other: copies'],
])('not well: exit code 1 and what it is (%s %j)', async (name, options, message) => {
  const { code, outcome } = await cli.outcome(['check', 'freshness', '--store', url(name), ...options])
  expect(code).toBe(1)
  expect(outcome).toMatchObject({ ok: false, failure: { kind: 'unwell', message } })
})

test('a store without any backup is not well', async () => {
  const { code, stdout } = await cli.run(['check', 'freshness', '--store', url('nothing-here')])
  expect(code).not.toBe(0)
  expect(stdout).not.toContain('All is well')
})

test('a limit that is no duration is refused', async () => {
  const { code, stderr } = await cli.run(['check', 'freshness', '--store', url('well'), '--max-age', 'soon'])
  expect(code).toBe(2)
  expect(stderr).toContain('--max-age')
})
