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
    expect(dry.stdout).not.toContain(whole)
    expect(await keys(store)).toHaveLength(10)

    const done = await cli.outcome(args)
    expect(done).toMatchObject({ code: 0, outcome: { ok: true } })
    expect(done.outcome.numbers).toMatchObject({ removedSets: 1, removedObjects: 2, removedBytes: 42, sparedSets: 0 })
    expect(await keys(store)).toHaveLength(8)
    expect(await keys(store)).toContain('foreign.txt')
    expect((await cli.run(args)).stdout).toContain('Removed 0 incomplete sets')
  } finally {
    store.close()
  }
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
