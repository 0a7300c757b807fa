import type { LocalPeriods } from './local-periods.ts'
import type { KeepRules } from './policy.ts'

/** One rule that counts periods: how it is called, how many it keeps, and which period a set is in. */
interface CountingRule {
  name: string
  left: number
  periodOf(periods: LocalPeriods, place: number): number
  /** Of the period, for people. */
  label(periods: LocalPeriods): string
  last: number | undefined
}

/**
 * Restic's rules over moments from the newest to the oldest: for each, why it is kept; an empty list where it is not.
 * (restic's documentation, "Removing snapshots according to a policy".)
 */
export function keptByRules(
  momentsMs: readonly number[],
  keep: KeepRules,
  periodsOf: (ms: number) => LocalPeriods,
): string[][] {
  const rules = countingRules(keep)
  const newestMs = momentsMs[0] ?? 0
  const withinMs = (keep.withinSeconds ?? 0) * 1000
  return momentsMs.map((ms, place) => {
    const reasons: string[] = []
    if (ms > newestMs - withinMs) reasons.push('within')
    const isOldest = place === momentsMs.length - 1
    if (rules.every(({ left }) => left === 0)) return reasons
    const periods = periodsOf(ms)
    for (const rule of rules) {
      if (rule.left === 0) continue
      const period = rule.periodOf(periods, place)
      const isFirst = period !== rule.last
      // While there are not enough, the oldest is kept as well: a rule that has just begun would keep nothing old.
      if (!isFirst && !isOldest) continue
      rule.last = period
      rule.left -= 1
      reasons.push(isFirst ? `${rule.name}${rule.label(periods)}` : `oldest ${rule.name}`)
    }
    return reasons
  })
}

function countingRules({ last, hourly, daily, weekly, monthly, yearly }: KeepRules): CountingRule[] {
  const rules: [name: string, count: number | undefined, Pick<CountingRule, 'periodOf' | 'label'>][] = [
    ['last', last, { periodOf: (_, place) => place, label: () => '' }],
    ['hourly', hourly, { periodOf: ({ hour }) => hour, label: ({ text }) => ` (${text.replace('T', ' ')}h)` }],
    ['daily', daily, { periodOf: ({ day }) => day, label: ({ text }) => ` (${text.slice(0, 10)})` }],
    ['weekly', weekly, { periodOf: ({ week }) => week, label: ({ week }) => ` (week of ${mondayOf(week)})` }],
    ['monthly', monthly, { periodOf: ({ month }) => month, label: ({ text }) => ` (${text.slice(0, 7)})` }],
    ['yearly', yearly, { periodOf: ({ year }) => year, label: ({ text }) => ` (${text.slice(0, 4)})` }],
  ]
  return rules.flatMap(([name, left, how]) =>
    left === undefined || left === 0 ? [] : [{ name, left, ...how, last: undefined }],
  )
}

/** The date of the Monday that a week begins with; day 0 was a Thursday. */
function mondayOf(week: number): string {
  return new Date((week * 7 - 3) * 86_400_000).toISOString().slice(0, 10)
}
