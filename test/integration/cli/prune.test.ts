import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../../../functions/platform/object-store/open-store.ts'
import { parseStoreUrl } from '../../../functions/platform/object-store/store-url.ts'
import { useCommandLine } from '../../support/command-line.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { address, storeLeftover, storeSet } from '../../support/stored-sets.ts'

const sandbox = useSandbox()
const cli = useCommandLine(() => sandbox.s3.env)
const old = '2026-11-01T060000Z-daily'
const whole = '2026-11-02T060000Z-daily'

test('prune shows what it would do, then does it, and leaves backups and young leftovers alone', async () => {
  const { bucket } = sandbox.s3
  const url = `s3://${bucket}/cli-prune`
  const env = { ...sandbox.s3.env }
  const settings = parseStoreUrl(url, env, { provider: 'versitygw' })
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY })
  const store = openStore(settings)
  try {
    await storeLeftover(store, address(old))
    await storeLeftover(store, address(old, { database: 'young' }))
    await storeSet(store, address(whole))
    await store.put('foreign.txt', Buffer.from('x'))
    await makeOld(join(sandbox.s3.objectsDirectory, bucket, 'cli-prune/shop/app'))
    const args = ['prune', '--store', url, '--provider', 'versitygw']

    const dry = await cli.run([...args, '--dry-run'])
    expect(dry.stdout).toMatch(/would remove {2}set shop\/app\/2026-11-01T060000Z-daily .* no manifest/)
    expect(dry.stdout).toMatch(/kept {10}set shop\/young\/.*younger than the limit/)
    expect(dry.stdout).toContain('No retention policy: backups are left alone')
    expect(dry.stdout).not.toContain(whole)
    expect(await keys(store)).toHaveLength(10)

    const done = await cli.outcome(args)
    expect(done).toMatchObject({ code: 0, outcome: { ok: true } })
    expect(done.outcome.numbers).toMatchObject({ removedLeftovers: 1, removedObjects: 2, removedBytes: 42, sparedLeftovers: 0 })
    expect(done.outcome.numbers).not.toHaveProperty('deletedSets')
    expect(await keys(store)).toHaveLength(8)
    expect(await keys(store)).toContain('foreign.txt')
    expect((await cli.run(args)).stdout).toContain('Removed 0 incomplete sets')
  } finally {
    store.close()
  }
})

test('prune deletes what a policy does not keep, with the reason of every set', async () => {
  const { bucket } = sandbox.s3
  const url = `s3://${bucket}/cli-retention`
  const env = { ...sandbox.s3.env }
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY })
  const store = openStore(parseStoreUrl(url, env, { provider: 'versitygw' }))
  try {
    const evidence = ['20261121T090000Z-equal.json']
    for (const day of [17, 18, 19]) await storeSet(store, address(`2026-11-${day}T060000Z-daily`), { evidence })
    await storeSet(store, address('2026-11-20T060000Z-daily'))
    const args = ['prune', '--store', url, '--provider', 'versitygw', '--keep-last', '1', '--floor', '2']

    const dry = await cli.run([...args, '--dry-run'])
    expect(dry.code).toBe(0)
    expect(dry.stdout.replace(/ +/g, ' ').split('\n').slice(0, 8)).toEqual([
      'shop/app',
      ' Set State Why',
      ' would delete 2026-11-17T060000Z-daily verified no rule keeps it',
      ' keep 2026-11-18T060000Z-daily verified one of the last 2 verified sets',
      ' keep 2026-11-19T060000Z-daily verified last; one of the last 2 verified sets',
      ' keep 2026-11-20T060000Z-daily not verified not verified, and no newer set is verified',
      '',
      `Would delete 1 set and keep 3 in ${url}`,
    ])
    expect(await keys(store)).toHaveLength(23)

    const { code, outcome } = await cli.outcome(args)
    expect(code).toBe(0)
    expect(outcome.numbers).toMatchObject({ keptSets: 3, deletedSets: 1, lockedSets: 0, sparedSets: 0, deletedObjects: 6 })
    expect(outcome.details).toMatchObject({ sets: [{ set: '2026-11-17T060000Z-daily', outcome: 'deleted' }, {}, {}, {}] })
    expect(await keys(store)).toHaveLength(17)
  } finally {
    store.close()
  }
})

test.each<[string, string[], RegExp]>([
  ['rules that keep nothing', ['--keep-daily', '0'], /the retention policy keeps nothing/],
  ['a floor of nothing in particular', ['--floor', '2'], /nothing says what/],
  ['a time zone that does not exist', ['--keep-daily', '1', '--time-zone', 'Mars/Olympus'], /no time zone 'Mars\/Olympus'/],
  ['a duration without a unit', ['--keep-within', '30'], /--keep-within/],
])('prune refuses %s', async (_, options, message) => {
  const { code, stderr } = await cli.run(['prune', '--store', `s3://${sandbox.s3.bucket}/none`, ...options])
  expect(code).toBe(2)
  expect(stderr).toMatch(message)
})

/** Ages what the S3 server keeps in a directory by three days. */
async function makeOld(directory: string): Promise<void> {
  const then = Date.now() / 1000 - 3 * 86_400
  for (const entry of await readdir(directory, { recursive: true })) await utimes(join(directory, entry), then, then)
}

async function keys(store: ReturnType<typeof openStore>): Promise<string[]> {
  const found: string[] = []
  for await (const page of store.list('')) found.push(...page.objects.map(({ key }) => key))
  return found
}
