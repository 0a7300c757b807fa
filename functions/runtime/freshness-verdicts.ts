import type { CompleteSet, ListedSet } from '../archive/catalogue.ts'
import { isProven } from '../archive/catalogue-evidence.ts'
import { digestShareText } from '../archive/digest-share.ts'
import { counts, type Holding, holdersOf, type StoreSets } from '../archive/held-sets.ts'
import { isFromFuture, startedMs } from '../archive/set-time.ts'
import { type Finding, fail, ok, warn } from '../platform/check.ts'
import type { EverythingWithin, LateDigests } from './late-digests.ts'

/** What must hold of the backups of every database. */
export interface FreshnessLimits {
  /** Of the newest set, since its backup began. */
  maxAgeSeconds: number
  /** Of the newest set that verification proved, since its backup began. */
  maxVerifiedAgeSeconds: number
  /** How much smaller than usual the newest set may be. */
  maxShrinkPercent: number
  /** Stores that must hold the newest verified set: the first one, and others as copies that were read back and compared. */
  minCopies: number
  /** Absent where nobody promised when everything is compared by digest. */
  everythingWithin?: EverythingWithin
}

/** What is usual is the median of so many sets before the newest: one odd one among them does not move it. */
const usualOf = 7

/**
 * Judges the backups of one database: is there one at all, is it young enough, was it proven, is it as large as usual, and
 * are there enough copies. The first store is where backups go; the others hold copies.
 *
 * @param digests which tables were not compared by digest for too long, where that was asked.
 */
export function freshnessFindings(
  stores: readonly StoreSets[],
  limits: FreshnessLimits,
  nowMs: number,
  digests?: LateDigests,
): Finding[] {
  const [main] = stores
  const sets = main?.sets ?? []
  const complete = sets.filter((set) => set.state === 'complete')
  const past = complete.filter((set) => !isFromFuture(startedMs(set), nowMs)).sort((a, b) => startedMs(b) - startedMs(a))
  const verified = past.filter(({ verified: found }) => isProven(found))
  return [
    ageFinding(past[0], complete.length - past.length, limits, nowMs),
    verificationFinding(past, verified[0], limits, nowMs),
    ...digestsFindings(digests, limits, nowMs),
    sizeFinding(past, limits),
    copiesFinding(verified[0], stores, limits),
    ...damageFindings(sets, past[0]),
  ]
}

function ageFinding(newest: CompleteSet | undefined, future: number, limits: FreshnessLimits, nowMs: number): Finding {
  if (future > 0) {
    return fail('backup', `${future} of its sets are from the future`, 'Set the clocks of the machines that make backups.')
  }
  if (newest === undefined)
    return fail('backup', 'there is none', 'Find out why no backup has run: start one by hand and look.')
  const age = (nowMs - startedMs(newest)) / 1000
  const finding = `the newest is ${hours(age)} old (${newest.address.set}); at most ${hours(limits.maxAgeSeconds)}`
  if (age <= limits.maxAgeSeconds) return ok('backup', finding)
  return fail('backup', finding, 'Look at the last run of the schedule: it failed, or did not start. Start a backup by hand.')
}

function verificationFinding(
  past: readonly CompleteSet[],
  newest: CompleteSet | undefined,
  limits: FreshnessLimits,
  nowMs: number,
): Finding {
  const judged = past.find(({ verified }) => verified !== undefined)
  if (judged?.verified?.verdict === 'different') {
    const fix = 'Run `ballast verify` on it to see what differs, keep it, and make a new backup; do not rely on this one.'
    return fail('verification', `the last one found ${judged.address.set} different from its source`, fix)
  }
  const fix = 'Run `ballast verify`, and look at why its schedule does not.'
  if (newest === undefined) return fail('verification', 'no set has ever been proven', fix)
  const age = (nowMs - startedMs(newest)) / 1000
  const what = newest.verified?.verdict === 'sampled' ? `: equal; ${digestShareText(newest.verified.digests)}` : ''
  const limit = hours(limits.maxVerifiedAgeSeconds)
  const finding = `the newest proven set is ${hours(age)} old (${newest.address.set}${what}); at most ${limit}`
  return age <= limits.maxVerifiedAgeSeconds ? ok('verification', finding) : fail('verification', finding, fix)
}

function digestsFindings(digests: LateDigests | undefined, { everythingWithin }: FreshnessLimits, nowMs: number): Finding[] {
  if (digests === undefined || everythingWithin === undefined) return []
  const days = (seconds: number): string => `${(seconds / 86_400).toFixed(1)} days`
  const fix = 'Run `ballast verify`, which compares every table, and look at why its schedule did not.'
  if ('problem' in digests) {
    return [warn('digests', `when each table was last compared is not known: ${digests.problem}`, fix)]
  }
  const { set, tables } = digests
  const limit = days(everythingWithin.seconds)
  if (tables.length === 0) return [ok('digests', `every table of ${set} was compared within ${limit}`)]
  const named = tables.slice(0, namedTables).map(({ schema, name, sinceMs }) => {
    return `${schema}.${name} (${days((nowMs - sinceMs) / 1000)})`
  })
  const more = tables.length > namedTables ? ` and ${tables.length - namedTables} more` : ''
  const are = tables.length === 1 ? '1 table was' : `${tables.length} tables were`
  const finding = `${are} not compared by digest for more than ${limit}: ${named.join(', ')}${more}`
  return [warn('digests', finding, fix)]
}

const namedTables = 10

function sizeFinding([newest, ...before]: readonly CompleteSet[], { maxShrinkPercent }: FreshnessLimits): Finding {
  if (newest === undefined || before.length === 0) return ok('size', 'nothing to compare with yet')
  const usual = before.slice(0, usualOf)
  const shrunk = (['rows', 'rawBytes', 'tables'] as const).flatMap((measure) => {
    const [is, was] = [newest.summary[measure], median(usual.map(({ summary }) => summary[measure]))]
    return is < was * (1 - maxShrinkPercent / 100) ? [`${is} ${measures[measure]} instead of about ${was}`] : []
  })
  if (shrunk.length === 0) return ok('size', `as large as the ${usual.length} before it, within ${maxShrinkPercent} %`)
  const fix =
    'Find out what was deleted. If it was meant, the next sets will be the usual ones; if not, restore from an older set.'
  return fail('size', `${newest.address.set} holds ${shrunk.join(', ')}`, fix)
}

const measures = { rows: 'rows', rawBytes: 'bytes of rows', tables: 'tables' } as const

function copiesFinding(newest: CompleteSet | undefined, stores: readonly StoreSets[], { minCopies }: FreshnessLimits): Finding {
  if (newest === undefined) return fail('copies', 'there is no proven set to copy', 'See to a proven backup first.')
  const holders = holdersOf(stores, newest.address)
  const holding = holders.filter(counts)
  const merely = holders.filter((holder) => !counts(holder)).map(({ store, holding: is }) => `; ${store} has it ${words[is]}`)
  const finding = `${holding.length} of ${newest.address.set}; at least ${minCopies}${merely.join('')}`
  if (holding.length >= minCopies) return ok('copies', finding)
  const lacking = stores.filter(({ name }) => !holding.some(({ store }) => store === name)).map(({ name }) => name)
  const where = lacking.length === 0 ? 'another store, and name that store in the definition' : lacking.join(', ')
  return fail('copies', finding, `Run \`ballast copy\` to bring it to ${where}, and look at why its schedule does not.`)
}

const words: Record<Holding, string> = {
  ...{ original: 'as the backup', compared: 'compared', uncompared: 'without having been compared' },
  ...{ different: 'different from its source', damaged: 'damaged', incomplete: 'in part' },
}

/** Damage of what is newer than the newest good set is what a restore would meet first. */
function damageFindings(sets: readonly ListedSet[], newest: CompleteSet | undefined): Finding[] {
  return sets.flatMap((set) => {
    if (set.state !== 'damaged') return []
    const isNewer = set.publishedMs >= (newest?.publishedMs ?? 0)
    const fix = 'Do not rely on it; find out who or what changed the store.'
    return [(isNewer ? fail : warn)('damage', `${set.address.set}: ${set.reason}`, fix)]
  })
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

function hours(seconds: number): string {
  return `${(Math.max(0, seconds) / 3600).toFixed(1)} h`
}
