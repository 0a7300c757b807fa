import { nextDueMs } from '../../../config/due.ts'
import type { Rehearsal, RehearsalPlan } from '../../../config/rehearsals.ts'
import { type Finding, fail, ok, warn } from '../../platform/check.ts'
import { formatMinute } from '../../platform/quantities.ts'
import type { RehearsalRecord } from './rehearsal-record.ts'

/** The newest record of a rehearsal. */
export type LastRehearsal = Pick<RehearsalRecord, 'result' | 'by' | 'note'> & { atMs: number }

/** How it is with a rehearsal. */
export interface RehearsalVerdict {
  /** `date` when it is about when it is due, `result` when the last one failed. */
  finding: Finding & { name: 'date' | 'result' }
  /** From when on it is, or was, due; milliseconds since the epoch. */
  dueMs: number
}

/**
 * Whether a rehearsal was done when it should be. It is due at the first instant of its schedule after the newest record, and
 * so never at once on a cluster whose definition has only begun to ask for it. One that failed is not well until one passes.
 *
 * @param last undefined as long as there is no record at all: then it is asked for from now on.
 */
export function rehearsalVerdict(plan: RehearsalPlan, last: LastRehearsal | undefined, nowMs: number): RehearsalVerdict {
  const { rehearsal, when, timeZone, graceSeconds } = plan
  const dueMs = nextDueMs(when, timeZone, last?.atMs ?? nowMs)
  const fix = `${howTo[rehearsal]}, then file it: \`ballast rehearse --record ${rehearsal} --by NAME --note TEXT\`.`
  if (last?.result === 'failed') {
    const finding = `the last one, on ${formatMinute(last.atMs)}, failed`
    return { dueMs, finding: { ...fail('result', finding, `Put right what kept it from passing. ${fix}`), name: 'result' } }
  }
  const before = last?.result === 'passed' ? `the last one passed on ${formatMinute(last.atMs)}` : 'none has been filed'
  return { dueMs, finding: { ...dateFinding(dueMs, graceSeconds, before, fix, nowMs), name: 'date' } }
}

function dateFinding(dueMs: number, graceSeconds: number, before: string, fix: string, nowMs: number): Finding {
  if (dueMs > nowMs) return ok('date', `due from ${formatMinute(dueMs)} on; ${before}`)
  const lateMs = nowMs - dueMs
  if (lateMs <= graceSeconds * 1000) return warn('date', `due since ${formatMinute(dueMs)}; ${before}`, fix)
  return fail('date', `overdue: due since ${formatMinute(dueMs)}; ${before}`, fix)
}

const howTo: Readonly<Record<Rehearsal, string>> = {
  'restore-test': 'Restore a backup by hand as in an emergency',
  drill: 'Do the drill',
}
