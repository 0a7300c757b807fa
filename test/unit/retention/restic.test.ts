import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { keptByRules } from '../../../functions/retention/keep-rules.ts'
import { periodsIn } from '../../../functions/retention/local-periods.ts'
import type { KeepRules } from '../../../functions/retention/policy.ts'

/** What restic answered: see test/support/programs/restic-vectors.ts. */
interface History {
  timeZone: string
  moments: string[]
  cases: { keep: Record<string, number | string>; kept: string[] }[]
}

const file = new URL('../../fixtures/retention/restic.json', import.meta.url)
const histories = JSON.parse(readFileSync(file, 'utf8')) as History[]
const hoursOf: Record<string, number> = { h: 1, d: 24 }

function rulesOf({ within, ...counts }: Record<string, number | string>): KeepRules {
  const [, number, unit = ''] = /^(\d+)([hd])$/.exec(String(within)) ?? []
  return { ...counts, ...(number === undefined ? {} : { withinSeconds: Number(number) * (hoursOf[unit] ?? 0) * 3600 }) }
}

describe.each(histories.map((history, index) => [index + 1, history.timeZone, history] as const))(
  'history %i in %s',
  (_, timeZone, { moments, cases }) => {
    const newestFirst = moments.map((text) => Date.parse(text)).sort((a, b) => b - a)
    test.each(cases.map(({ keep, kept }) => [JSON.stringify(keep), keep, kept] as const))('%s', (_name, keep, kept) => {
      const reasons = keptByRules(newestFirst, rulesOf(keep), periodsIn(timeZone))
      const ours = newestFirst.filter((_ms, place) => (reasons[place] ?? []).length > 0)
      expect(ours.map((ms) => new Date(ms).toISOString()).sort()).toEqual(kept)
    })
  },
)
