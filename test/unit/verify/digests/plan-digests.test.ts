import { describe, expect, test } from 'vitest'
import { serializeEvidence } from '../../../../functions/archive/evidence.ts'
import { evidenceFile, setPrefix } from '../../../../functions/archive/keys.ts'
import { type ManifestTable, serializeManifest } from '../../../../functions/archive/manifest.ts'
import { type DigestPlan, digestPlan, planDigests, type SampleRule } from '../../../../functions/verify/digests/plan-digests.ts'
import { sampleEvidence } from '../../../support/evidence.ts'
import { sampleManifest, sampleTable } from '../../../support/manifests.ts'
import { address, storeSet, useFileStore } from '../../../support/stored-sets.ts'

const files = useFileStore()
const dayMs = 86_400_000
const day = (number: number): number => Date.UTC(2026, 10, number, 5)
const tables = ['a', 'b', 'c', 'd'].map((name) => sampleTable({ name, rawBytes: 100 }))
const rule = (sharePercent: number, nextDay: number): SampleRule => ({
  sharePercent,
  deadline: { withinMs: 7 * dayMs, nextMs: day(nextDay) },
})

describe('the plan of a verification', () => {
  const known = (on: Record<string, number>) =>
    tables.flatMap((table) => {
      const compared = on[table.name]
      return compared === undefined ? [] : [{ table, sinceMs: day(compared), compared: true }]
    })
  const chosen = (plan: DigestPlan | undefined) => plan && [...plan.chosen]

  test('is not needed where all tables are compared', () => {
    expect(digestPlan(tables, known({ a: 1, b: 1, c: 1, d: 1 }), rule(100, 3), day(2))).toBeUndefined()
    expect(digestPlan(tables, known({ a: 1, b: 1, c: 1, d: 1 }), rule(10, 10), day(9))).toBeUndefined()
  })

  test('of a database that was never verified takes the share, and notes when the others were first met', () => {
    const plan = digestPlan(tables, [], rule(25, 3), day(2))
    expect(plan?.digests).toEqual({
      ...{ tables: 1, ofTables: 4, rawBytes: 100, ofRawBytes: 400 },
      ages: [
        { since: '2026-11-02T05:00:00.000Z', compared: true, tables: '0' },
        { since: '2026-11-02T05:00:00.000Z', compared: false, tables: '1-3' },
      ],
    })
  })

  test('takes all where something is known and cannot be read', () => {
    expect(digestPlan(tables, undefined, rule(25, 3), day(2))).toBeUndefined()
    expect(chosen(digestPlan(tables, undefined, { sharePercent: 25 }, day(2)))).toEqual([0])
  })

  test.each<[string, Partial<ManifestTable>]>([
    ['another name', { name: 'e' }],
    ['another schema', { schema: 'archive' }],
    ['another column', { columns: ['id', 'note', 'added'] }],
    ['renamed columns', { columns: ['id', 'text'] }],
  ])('counts a table with %s as never compared', (_, changed) => {
    const now = tables.with(2, sampleTable({ name: 'c', rawBytes: 100, ...changed }))
    const plan = digestPlan(now, known({ a: 1, b: 2, c: 3, d: 4 }), rule(25, 6), day(5))
    expect(chosen(plan)).toEqual([2])
  })

  test('keeps what it knows of a table that merely grew', () => {
    const now = tables.with(2, sampleTable({ name: 'c', rawBytes: 101, rows: 9, oid: 9, digest: '0'.repeat(16) }))
    expect(chosen(digestPlan(now, known({ a: 1, b: 2, c: 3, d: 4 }), rule(25, 6), day(5)))).toEqual([0, 1])
  })

  test('always takes what only the archive of pg_dump carries', () => {
    const now = tables.with(3, sampleTable({ name: 'd', rawBytes: 1, stored: 'schema.dump', chunks: [] }))
    expect(chosen(digestPlan(now, known({ a: 1, b: 2, c: 3, d: 4 }), rule(25, 6), day(5)))).toEqual([0, 3])
  })
})

describe('what earlier verifications of the database say', () => {
  const set = (date: string) => address(`2026-11-${date}T030000Z-daily`)
  const stored = async (date: string, evidence: Parameters<typeof serializeEvidence>[0], finishedMs: number): Promise<void> => {
    const of = set(date)
    const { summary, ...rest } = sampleManifest()
    const manifest = serializeManifest({ ...rest, summary: { ...summary, ...of }, tables })
    await storeSet(files.store(), of, { manifest })
    const said = evidence.format === 1 ? { verdict: evidence.verdict } : { verdict: evidence.verdict, digests: shareOfFour }
    await files.store().put(setPrefix(of) + evidenceFile(finishedMs, said), serializeEvidence(evidence))
  }
  const shareOfFour = { tables: 2, ofTables: 4, percent: 50 }
  const plan = (sharePercent: number, onDay: number) =>
    planDigests(files.store(), { cluster: 'shop', database: 'app' }, tables, rule(sharePercent, onDay + 1), {
      nowMs: day(onDay),
    })
  const part = (onDay: number, ages: [compared: string, since: number][]) =>
    sampleEvidence(
      {
        ...{ tables: 2, ofTables: 4, rawBytes: 200, ofRawBytes: 400 },
        ages: ages.map(([places, since]) => ({ since: new Date(day(since)).toISOString(), compared: true, tables: places })),
      },
      day(onDay),
    )

  /** The fifth day's: two tables then, the others the day before. */
  const storedHalf = (): Promise<void> =>
    stored(
      '05',
      part(5, [
        ['0,2', 5],
        ['1,3', 4],
      ]),
      day(5) + 60_000,
    )

  test('is gone on from: the two that were left are next', async () => {
    await storedHalf()
    const next = await plan(50, 6)
    expect(next && [...next.chosen]).toEqual([1, 3])
    expect(next?.digests.ages).toEqual([
      { since: '2026-11-06T05:00:00.000Z', compared: true, tables: '1,3' },
      { since: '2026-11-05T05:00:00.000Z', compared: true, tables: '0,2' },
    ])
  })

  test('is that of the newest set: verifying an old one by hand afterwards says nothing of the sets since', async () => {
    await storedHalf()
    await stored('01', sampleEvidence(undefined, day(6)), day(6) + 60_000)
    const next = await plan(50, 7)
    expect(next && [...next.chosen]).toEqual([1, 3])
  })

  test('of a full verification is that every table was compared', async () => {
    await stored('05', sampleEvidence(undefined, day(5)), day(5) + 60_000)
    expect((await plan(25, 6))?.digests.ages).toEqual([
      { since: '2026-11-06T05:00:00.000Z', compared: true, tables: '0' },
      { since: '2026-11-05T05:00:00.000Z', compared: true, tables: '1-3' },
    ])
  })

  test('is that everything has to be compared after a difference, until that is undone', async () => {
    await storedHalf()
    const differs = sampleEvidence(undefined, day(6))
    if (differs.format === 1) await stored('06', { ...differs, verdict: 'different' }, day(6) + 60_000)
    expect(await plan(50, 7)).toBeUndefined()
    await stored('07', sampleEvidence(undefined, day(7)), day(7) + 60_000)
    expect((await plan(50, 8))?.digests).toMatchObject({ tables: 2 })
  })

  test('is everything late where it was damaged', async () => {
    await storedHalf()
    const file = setPrefix(set('05')) + evidenceFile(day(5) + 60_000, { verdict: 'sampled', digests: shareOfFour })
    await files.store().put(file, Buffer.from('{}'))
    expect(await plan(25, 6)).toBeUndefined()
    await files.store().put(file, serializeEvidence(part(5, [['0,2', 5]])))
    expect(await plan(25, 6)).toBeUndefined()
    await files.store().put(`${setPrefix(set('05'))}manifest.json`, Buffer.from('{}'))
    expect(await plan(25, 6)).toBeUndefined()
  })
})
