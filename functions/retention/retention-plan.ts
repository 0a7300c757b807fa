import { databaseGroups } from '../archive/database-groups.ts'
import type { SetAddress } from '../archive/keys.ts'
import { isFromFuture } from '../archive/set-time.ts'
import { keptByRules } from './keep-rules.ts'
import { type LocalPeriods, periodsIn } from './local-periods.ts'
import { type RetentionPolicy, refuseEmptyPolicy } from './policy.ts'

/**
 * What is known of whether a set is good. Only `verified` and `sampled` satisfy a rule; in a sampled one no difference was
 * found, and of some tables only the number of rows was compared.
 */
export type Standing = 'verified' | 'sampled' | 'unverified' | 'different' | 'damaged'

/** A published set, as retention sees it. */
export interface RetainedSet {
  address: SetAddress
  standing: Standing
  /** When its backup began, as it records itself; milliseconds since the epoch. */
  startedMs: number
  /** When it was published, by the store's own clock. */
  publishedMs: number
}

/** What becomes of one set, and why: every reason to keep it, or the one to delete it. */
export interface RetentionStep extends RetainedSet {
  remove: boolean
  reasons: string[]
}

const standingText: Record<Standing, string> = {
  verified: 'verified',
  sampled: 'verified in part',
  unverified: 'not verified',
  different: 'found different when verified',
  damaged: 'damaged',
}

/**
 * Decides which sets a policy keeps, each database by itself; the steps come in the order of the sets.
 *
 * The rules are restic's: from the newest set to the oldest, the first of each period is kept until so many periods have
 * one; while there are not enough, the oldest set is kept as well. Unlike restic's, only verified sets satisfy them; the
 * newest verified sets, by their own clock and by the store's, are kept whatever the rules say, and so are the newest of those
 * that were compared in full; and a set that is not verified stays until a newer one is. A set from the future tells of a wrong clock: it is kept, and counts for nothing.
 *
 * @throws Failure of kind `config` for a policy that keeps nothing.
 */
export function planRetention(sets: readonly RetainedSet[], policy: RetentionPolicy, nowMs: number): RetentionStep[] {
  refuseEmptyPolicy(policy)
  const periodsOf = periodsIn(policy.timeZone)
  const steps = new Map<RetainedSet, RetentionStep>()
  for (const { items } of databaseGroups(sets, ({ address }) => address)) {
    for (const step of planDatabase(items, policy, nowMs, periodsOf)) steps.set(step.set, { ...step.set, ...step.verdict })
  }
  return sets.flatMap((set) => steps.get(set) ?? [])
}

interface Judged {
  set: RetainedSet
  verdict: Pick<RetentionStep, 'remove' | 'reasons'>
}

function planDatabase(
  sets: readonly RetainedSet[],
  policy: RetentionPolicy,
  nowMs: number,
  periodsOf: (ms: number) => LocalPeriods,
): Judged[] {
  const isFuture = (set: RetainedSet): boolean => isFromFuture(set.startedMs, nowMs)
  const verified = sets.filter((set) => isVerified(set) && !isFuture(set)).sort(newestFirst)
  const reasons = reasonsToKeep(verified, policy, periodsOf)
  const outdoes = newerOf(verified.filter((set) => (reasons.get(set)?.length ?? 0) > 0))
  return sets.map((set): Judged => {
    if (isFuture(set)) return kept(set, ['its time is in the future: some clock is wrong; look at it, and delete it by hand'])
    if (isVerified(set)) {
      const own = reasons.get(set) ?? []
      return own.length > 0 ? kept(set, own) : removed(set, 'no rule keeps it')
    }
    const newer = outdoes(set)
    return newer === undefined
      ? kept(set, [`${standingText[set.standing]}, and no newer set is verified`])
      : removed(set, `${standingText[set.standing]}, and ${newer.address.set} is ${standingText[newer.standing]}`)
  })
}

/** Whether verification found no difference, be it in everything or in what it compared. */
export function isVerified({ standing }: Pick<RetainedSet, 'standing'>): boolean {
  return standing === 'verified' || standing === 'sampled'
}

function reasonsToKeep(
  verified: readonly RetainedSet[],
  { keep, floor }: RetentionPolicy,
  periodsOf: (ms: number) => LocalPeriods,
): Map<RetainedSet, string[]> {
  const byRules = keptByRules(
    verified.map(({ startedMs }) => startedMs),
    keep,
    periodsOf,
  )
  const reasons = new Map(verified.map((set, index) => [set, byRules[index] ?? []]))
  const keepNewest = (some: readonly RetainedSet[], floorReason: string): void => {
    for (const set of some.slice(0, floor)) reasons.get(set)?.push(floorReason)
    // A clock that went back gives new sets old times: what the store took last is newest all the same.
    for (const set of newestOf(some, floor)) {
      const own = reasons.get(set)
      if (own !== undefined && !own.includes(floorReason)) own.push(`${floorReason} by the store's clock`)
    }
  }
  keepNewest(verified, floor === 1 ? 'the last verified set' : `one of the last ${floor} verified sets`)
  // However many newer ones were compared in part: nobody was promised less than the last full proof.
  const full = verified.filter(({ standing }) => standing === 'verified')
  if (full.length < verified.length) {
    keepNewest(full, floor === 1 ? 'the last set compared in full' : `one of the last ${floor} sets compared in full`)
  }
  return reasons
}

/** The sets that the store took last. */
function newestOf(verified: readonly RetainedSet[], count: number): RetainedSet[] {
  return verified.toSorted((a, b) => b.publishedMs - a.publishedMs || newestFirst(a, b)).slice(0, count)
}

/**
 * Finds one of these sets, newest first, that is newer than a given one by its own clock, and not older by the store's, which
 * may count whole seconds. By both, because either alone may have been wrong, and what is deleted is gone.
 */
function newerOf(verified: readonly RetainedSet[]): (set: RetainedSet) => RetainedSet | undefined {
  // Of the sets up to each place, newest first, the one that the store took last.
  const lastTaken: RetainedSet[] = []
  for (const set of verified) {
    const before = lastTaken.at(-1)
    lastTaken.push(before === undefined || set.publishedMs > before.publishedMs ? set : before)
  }
  return ({ startedMs, publishedMs }) => {
    const candidate = lastTaken[placeBefore(verified, startedMs) - 1]
    return candidate !== undefined && candidate.publishedMs >= publishedMs ? candidate : undefined
  }
}

/** How many of the sets, newest first, began after that moment. */
function placeBefore(verified: readonly RetainedSet[], startedMs: number): number {
  let [low, high] = [0, verified.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((verified[middle]?.startedMs ?? 0) > startedMs) low = middle + 1
    else high = middle
  }
  return low
}

function newestFirst(a: RetainedSet, b: RetainedSet): number {
  return b.startedMs - a.startedMs || (b.address.set < a.address.set ? -1 : 1)
}

function kept(set: RetainedSet, reasons: string[]): Judged {
  return { set, verdict: { remove: false, reasons } }
}

function removed(set: RetainedSet, reason: string): Judged {
  return { set, verdict: { remove: true, reasons: [reason] } }
}
