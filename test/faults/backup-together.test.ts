import { afterEach, describe, expect, it } from 'vitest'
import { useBackupBench } from '../support/backup-bench.ts'
import { fingerprint } from '../support/fault-database.ts'
import { sweepAll } from '../support/store-content.ts'

const bench = useBackupBench('together')

afterEach(() => bench.expectNoTraces())

describe('backups of one database at the same time', () => {
  it('under names of their own: each gives a whole set', async () => {
    const one = await bench.begin()
    const manifests = await Promise.all([one.backup(), one.backup(), one.backup()])
    const names = manifests.map(({ summary }) => summary.set).sort()
    expect((await one.sets()).map(({ state, address }) => [state, address.set])).toEqual(names.map((set) => ['complete', set]))
    const rows = await fingerprint(bench.sandbox, bench.sandbox.primary.adminUrl(one.database))
    for (const { summary } of manifests) expect(await one.restoredRows(summary)).toBe(rows)
  })

  it.each([1, 2, 3])('under one name: never a mixture (round %i)', async () => {
    const one = await bench.begin()
    const atTheNextSecond = 1000 - (Date.now() % 1000)
    await new Promise((resolve) => setTimeout(resolve, atTheNextSecond))
    const ends = await Promise.allSettled([one.backup({ run: 'slot' }), one.backup({ run: 'slot' })])
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []))
    const published = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    for (const reason of refused) expect(reason).toMatchObject({ name: 'Failure', code: 'PreconditionFailed' })
    expect(published.length).toBeLessThanOrEqual(1)
    await sweepAll(one.truth)
    for (const manifest of published) await one.expectWholeSet(manifest)
    if (published.length === 0) expect(await one.sets()).toEqual([])
  })

  it('under one name, one after the other within a second: the second is refused and harms nothing', async () => {
    const one = await bench.begin()
    const manifest = await one.backup({ run: 'slot' })
    const { startedMs } = { startedMs: Date.parse(manifest.summary.startedAt) }
    const clock = Date.now
    Date.now = () => startedMs
    try {
      await expect(one.backup({ run: 'slot' })).rejects.toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
    } finally {
      Date.now = clock
    }
    await one.expectWholeSet(manifest)
  })
})
