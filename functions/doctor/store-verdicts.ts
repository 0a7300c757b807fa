import { type Finding, fail, ok, warn } from '../platform/check.ts'
import type { AbortRule } from '../platform/object-store/lifecycle.ts'
import type { Attempt, StoreFacts } from './store-facts.ts'

const skewWarnSeconds = 5
const skewFailSeconds = 300
const oldUploadSeconds = 2 * 86_400

/** What a store's behaviour means. */
export function storeFindings(facts: StoreFacts, nowMs: number): Finding[] {
  const { write, conditional, readBack, listed, clock, uploads, removal, probeKey } = facts
  return [
    judge('write', write, ({ seconds }) => ok('write', `a small object in ${seconds.toFixed(2)} s`)),
    ...given(conditional, (one) => judge('write once', one, ({ refused }) => onceFinding(refused))),
    ...given(readBack, (one) => judge('read back', one, ({ equal }) => readFinding(equal))),
    ...given(listed, (one) => judge('list', one, ({ found }) => listFinding(found))),
    ...given(clock, (one) => judge('clock', one, ({ aheadSeconds }) => clockFinding(aheadSeconds))),
    ...given(removal, (one) => removalFinding(one, probeKey)),
    ...given(uploads, (one) => uploadsFinding(one, nowMs)),
  ]
}

/** What the store's own cleaning of abandoned uploads means. */
export function lifecycleFinding(rule: AbortRule): Finding {
  if (rule.type === 'days') return ok('lifecycle', `abandoned uploads are removed after ${rule.days} days`)
  const finding = rule.type === 'none' ? 'no rule that removes abandoned uploads' : `not known: ${rule.reason}`
  if (rule.type === 'unknown') return ok('lifecycle', `${finding}; \`ballast prune\` removes abandoned uploads`)
  return warn(
    'lifecycle',
    finding,
    'Add a rule that aborts incomplete multipart uploads after 7 days, or run `ballast prune` by schedule.',
  )
}

function onceFinding(refused: boolean): Finding {
  if (refused) return ok('write once', 'an existing object is not overwritten')
  const fix = 'Nothing to do for a single writer: set names are unique, and Ballast looks before it writes.'
  return warn('write once', 'the store ignores If-None-Match and overwrites', fix)
}

function readFinding(equal: boolean): Finding {
  const fix = 'Do not keep backups here: find out what changes objects on their way (a proxy, a gateway, the disk).'
  return equal ? ok('read back', 'the same bytes') : fail('read back', 'other bytes than were written', fix)
}

function listFinding(found: boolean): Finding {
  const fix = 'Listings lag behind writes here: `ballast list` and `prune` would miss sets. Use another store.'
  return found ? ok('list', 'shows the object at once') : fail('list', 'does not show the object that was just written', fix)
}

function clockFinding(aheadSeconds: number): Finding {
  const skew = Math.abs(aheadSeconds)
  // Stores tell times in whole seconds.
  if (skew < 2) return ok('clock', 'that of this machine, within 2 s')
  const text = `${Math.round(skew)} s ${aheadSeconds < 0 ? 'behind' : 'ahead of'} this machine`
  const fix = "Set this machine's clock: `timedatectl set-ntp true`. S3 refuses requests that are 15 minutes off."
  if (skew > skewFailSeconds) return fail('clock', text, fix)
  return skew > skewWarnSeconds ? warn('clock', text, fix) : ok('clock', text)
}

/** Backups need no right to delete, so that a broken-in backup host cannot remove them. */
function removalFinding(removal: Attempt, probeKey: string): Finding {
  if (removal.went) return ok('delete', 'allowed; only `ballast prune` needs it')
  if (removal.failure.code === 'AccessDenied') {
    return ok('delete', `not allowed: good for backups, but \`ballast prune\` needs it; ${probeKey} stays`)
  }
  return warn('delete', `${removal.failure.message}; ${probeKey} stays`, removal.failure.hint)
}

function uploadsFinding(uploads: NonNullable<StoreFacts['uploads']>, nowMs: number): Finding {
  if (!uploads.went) return warn('uploads', `cannot be listed: ${uploads.failure.message}`, uploads.failure.hint)
  const { total, startedMs } = uploads.value
  const old = startedMs.filter((ms) => nowMs - ms > oldUploadSeconds * 1000).length
  if (old === 0) return ok('uploads', total === 0 ? 'none unfinished' : `${total} unfinished, none older than 2 days`)
  return warn('uploads', `${old} unfinished for more than 2 days, which may cost storage`, 'Run `ballast prune`.')
}

function judge<T>(name: string, attempt: Attempt<T>, verdict: (value: T) => Finding): Finding {
  return attempt.went ? verdict(attempt.value) : fail(name, attempt.failure.message, attempt.failure.hint)
}

function given<T>(value: T | undefined, verdict: (value: T) => Finding): Finding[] {
  return value === undefined ? [] : [verdict(value)]
}
