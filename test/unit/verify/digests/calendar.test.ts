import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextDueMs } from '../../../../config/due.ts'
import { fewestRunsWithin, longestGapSeconds, parseWhen, type When } from '../../../../config/when.ts'
import { digestAges } from '../../../../functions/archive/digest-ages.ts'
import type { ManifestTable } from '../../../../functions/archive/manifest.ts'
import type { AgedTable } from '../../../../functions/archive/newest-proof.ts'
import { type DigestPlan, digestPlan } from '../../../../functions/verify/digests/plan-digests.ts'
import { sampleEvidence } from '../../../support/evidence.ts'
import { sampleTable } from '../../../support/manifests.ts'

const hourMs = 3_600_000
const startMs = Date.UTC(2026, 9, 1)

function when(text: string): When {
  const verdict = parseWhen(text)
  if ('value' in verdict) return verdict.value
  throw new Error(text)
}

const schedules = ['daily at 05:00', 'every 6 hours', 'weekly on sunday at 05:00', '30 2 * * 1-5'].map(when)

/** What becomes of the tables of one database, verification after verification. */
class Calendar {
  readonly schedule: When
  readonly timeZone: string
  readonly withinMs: number
  readonly sharePercent: number
  tables: ManifestTable[]
  atMs: number
  known: AgedTable[] = []
  /** Of each table: when it was first met, or last compared. */
  readonly since = new Map<ManifestTable, number>()

  constructor(schedule: When, timeZone: string, withinMs: number, sharePercent: number, sizes: readonly number[]) {
    this.schedule = schedule
    this.timeZone = timeZone
    this.withinMs = withinMs
    this.sharePercent = sharePercent
    this.tables = sizes.map((rawBytes, index) => sampleTable({ name: `t${index}`, rawBytes }))
    this.atMs = nextDueMs(schedule, timeZone, startMs)
  }

  /** One verification; returns the places that it compared, and how long each of those had waited. */
  verify(): { places: number[]; waitedMs: number[] } {
    const nowMs = this.atMs
    const nextMs = nextDueMs(this.schedule, this.timeZone, nowMs)
    const rule = { sharePercent: this.sharePercent, deadline: { withinMs: this.withinMs, nextMs } }
    const plan = digestPlan(this.tables, this.known, rule, nowMs)
    const places = plan === undefined ? [...this.tables.keys()] : [...plan.chosen]
    for (const table of this.tables) if (!this.since.has(table)) this.since.set(table, nowMs)
    const chosen = places.flatMap((place) => this.tables[place] ?? [])
    const waitedMs = chosen.map((table) => nowMs - (this.since.get(table) ?? 0))
    for (const table of chosen) this.since.set(table, nowMs)
    this.known = this.#kept(plan, nowMs)
    return { places, waitedMs }
  }

  /** What the next verification will know: by way of the evidence. */
  #kept(plan: DigestPlan | undefined, nowMs: number): AgedTable[] {
    const ages = digestAges(sampleEvidence(plan?.digests, nowMs), this.tables.length)
    return this.tables.map((table, place) => ({ table, ...(ages?.[place] ?? { sinceMs: 0, compared: false }) }))
  }

  goOn(): void {
    this.atMs = nextDueMs(this.schedule, this.timeZone, this.atMs)
  }
}

const sizes = fc.array(fc.oneof(fc.constant(0), fc.nat(1000), fc.integer({ min: 0, max: 1_000_000 })), {
  minLength: 1,
  maxLength: 25,
})
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo')
const shares = fc.integer({ min: 1, max: 100 })

/** A time within which there is at least one more verification, also where a clock is set back. */
function withinOf(schedule: When, more: number): number {
  return longestGapSeconds([schedule]) * 1000 * (1 + more) + hourMs
}

test('no table goes without its digest for longer than promised, whatever the share, as tables come and grow', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      zones,
      fc.double({ min: 0, max: 8, noNaN: true }),
      shares,
      sizes,
      fc.array(fc.nat(100_000), { minLength: 60, maxLength: 60 }),
      (schedule, zone, more, share, first, growth) => {
        const calendar = new Calendar(schedule, zone, withinOf(schedule, more), share, first)
        for (const bytes of growth) {
          const { waitedMs } = calendar.verify()
          for (const waited of waitedMs) expect(waited).toBeLessThanOrEqual(calendar.withinMs)
          if (bytes % 7 === 0) calendar.tables.push(sampleTable({ name: `new${calendar.tables.length}`, rawBytes: bytes }))
          calendar.goOn()
          for (const since of calendar.since.values()) expect(calendar.atMs - since).toBeLessThanOrEqual(calendar.withinMs)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('after runs that failed, the next one leaves nothing late', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      zones,
      fc.double({ min: 0, max: 8, noNaN: true }),
      shares,
      sizes,
      fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
      (schedule, zone, more, share, tables, outcomes) => {
        const calendar = new Calendar(schedule, zone, withinOf(schedule, more), share, tables)
        calendar.verify()
        for (const good of outcomes) {
          calendar.goOn()
          if (!good) continue
          calendar.verify()
          const nextMs = nextDueMs(schedule, zone, calendar.atMs)
          for (const since of calendar.since.values()) expect(nextMs - since).toBeLessThanOrEqual(calendar.withinMs)
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('with a share that can do it, no run compares more than the share and one table', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...schedules),
      fc.double({ min: 0, max: 8, noNaN: true }),
      fc.integer({ min: 0, max: 30 }),
      sizes,
      (schedule, more, extra, tables) => {
        const withinMs = withinOf(schedule, more)
        const runs = fewestRunsWithin(schedule, withinMs / 1000)
        const share = Math.min(100, 100 / runs + extra)
        const calendar = new Calendar(schedule, 'UTC', withinMs, share, tables)
        const weight = (place: number): number => (tables[place] ?? 0) + 1
        const all = tables.reduce((sum, bytes) => sum + bytes + 1, 0)
        for (let run = 0; run < 60; run += 1) {
          const weights = calendar.verify().places.map(weight)
          const taken = weights.reduce((sum, one) => sum + one, 0)
          expect(taken).toBeLessThan(all * (share / 100) + Math.max(...tables) + 1.001)
          calendar.goOn()
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('with 100 % every verification compares everything', () => {
  fc.assert(
    fc.property(fc.constantFrom(...schedules), sizes, (schedule, tables) => {
      const calendar = new Calendar(schedule, 'UTC', withinOf(schedule, 2), 100, tables)
      for (let run = 0; run < 5; run += 1) {
        expect(calendar.verify().places).toEqual([...tables.keys()])
        calendar.goOn()
      }
    }),
  )
})
