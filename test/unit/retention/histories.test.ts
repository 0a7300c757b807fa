import { expect, test } from 'vitest'
import type { KeepRules, RetentionPolicy } from '../../../functions/retention/policy.ts'
import { planRetention, type RetainedSet, type RetentionStep } from '../../../functions/retention/retention-plan.ts'

const hourMs = 3_600_000
const histories = 1_000_000
const zones = ['UTC', 'America/Sao_Paulo', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe']
const nowMs = Date.parse('2026-11-22T12:00:00Z')

/** Numbers from 0 up to 1 that are the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

interface History {
  sets: RetainedSet[]
  policy: RetentionPolicy
}

/** Backups at odd hours, failed streaks, verifications that fail, clocks that jump, duplicates, two databases. */
function history(random: () => number): History {
  const below = (limit: number): number => Math.floor(random() * limit)
  const chance = (share: number): boolean => random() < share
  const sets: RetainedSet[] = []
  // From the weeks around a change of clocks, or any time; by the store's clock, and how far the machine's is off.
  let storeMs = nowMs - (chance(0.5) ? 60 * 24 : below(5 * 365 * 24)) * hourMs
  let offMs = 0
  const good = random()
  const full = chance(0.5) ? 1 : random()
  for (let count = below(12); count > 0 && storeMs < nowMs; count -= 1) {
    if (chance(0.03)) offMs = (chance(0.5) ? 1 : -1) * below(chance(0.5) ? 72 : 9 * 365 * 24) * hourMs
    if (chance(0.05)) offMs = 0
    const isFull = chance(full)
    const standing = chance(good)
      ? isFull
        ? 'verified'
        : 'sampled'
      : (['unverified', 'different', 'damaged'] as const)[below(3)]
    const startedMs = storeMs + offMs
    const database = chance(0.9) ? 'app' : 'ledger'
    const address = { cluster: 'shop', database, set: `${new Date(startedMs).toISOString()}-${below(99)}` }
    sets.push({ address, standing: standing ?? 'damaged', startedMs, publishedMs: storeMs + 600_000 })
    if (chance(0.95)) storeMs += (1 + below(chance(0.1) ? 1_000 : 30)) * (hourMs / 2)
  }
  return { sets, policy: { keep: rules(below, chance), floor: 1 + below(4), timeZone: zones[below(zones.length)] ?? 'UTC' } }
}

function rules(below: (limit: number) => number, chance: (share: number) => boolean): KeepRules {
  const some = (most: number): number | undefined => (chance(0.3) ? below(most) : undefined)
  const keep = {
    ...{ last: some(4), hourly: some(6), daily: some(6), weekly: some(4), monthly: some(4), yearly: some(3) },
    withinSeconds: chance(0.2) ? below(90) * 86_400 : undefined,
  }
  return Object.values(keep).some((value) => value !== undefined && value > 0) ? keep : { ...keep, last: 1 }
}

/** What is wrong with a plan, in words; undefined when nothing is. */
function wrong({ sets, policy }: History, plan: readonly RetentionStep[]): string | undefined {
  if (plan.length !== sets.length) return 'a set has no step'
  if (plan.some(({ reasons }) => reasons.length === 0)) return 'a step has no reason'
  for (const database of ['app', 'ledger']) {
    const steps = plan.filter(({ address }) => address.database === database)
    const past = steps.filter(({ startedMs }) => startedMs <= nowMs + hourMs)
    const full = past.filter(({ standing }) => standing === 'verified')
    const verified = past.filter(({ standing }) => standing === 'verified' || standing === 'sampled')
    const kept = verified.filter(({ remove }) => !remove)
    for (const some of [full, verified]) {
      const left = some.filter(({ remove }) => !remove)
      if (left.length < Math.min(policy.floor, some.length)) return `${left.length} verified sets are left`
      for (const clock of ['startedMs', 'publishedMs'] as const) {
        const newest = Math.max(...some.map((step) => step[clock]))
        if (some.length > 0 && !left.some((step) => step[clock] === newest)) return `the newest by ${clock} is deleted`
      }
    }
    for (const step of steps) {
      if (!step.remove) continue
      if (step.startedMs > nowMs + hourMs) return 'a set from the future is deleted'
      if (step.standing === 'verified' || step.standing === 'sampled') continue
      const isOutdone = kept.some((one) => one.startedMs > step.startedMs && one.publishedMs >= step.publishedMs)
      if (!isOutdone) return 'an unverified set is deleted and nothing newer is kept'
    }
  }
  return undefined
}

test('over a million histories the last verified sets stay, and a second run finds nothing to do', { timeout: 300_000 }, () => {
  const random = numbers(20_261_122)
  let deleted = 0
  for (let count = 0; count < histories; count += 1) {
    const one = history(random)
    const plan = planRetention(one.sets, one.policy, nowMs)
    const problem = wrong(one, plan)
    if (problem !== undefined) expect.unreachable(`${problem}: ${JSON.stringify(one)}`)
    const left = plan.filter(({ remove }) => !remove)
    deleted += plan.length - left.length
    if (count % 10 > 0) continue
    const again = planRetention(left, one.policy, nowMs).filter(({ remove }) => remove)
    if (again.length > 0) expect.unreachable(`a second run deletes ${again.length}: ${JSON.stringify(one)}`)
  }
  // Most of these would be true of a plan that deletes nothing.
  expect(deleted).toBeGreaterThan(histories / 2)
})
