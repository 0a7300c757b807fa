import type { Rehearsal } from '../../config/rehearsals.ts'
import { type LastRehearsal, type RehearsalVerdict, rehearsalVerdict } from '../runtime/rehearsals/rehearsal-verdict.ts'
import type { StatusFacts } from './status-facts.ts'
import type { Concern, RehearsalStatus } from './status-report.ts'

/** One rehearsal of the definition, judged. */
export interface JudgedRehearsal extends RehearsalVerdict {
  rehearsal: Rehearsal
  schedule: string
  last: LastRehearsal | undefined
}

/** What people are asked to rehearse, judged; undefined where nothing is, or the records could not be read. */
export function judgedRehearsals({ defined, rehearsals, asOfMs }: StatusFacts): JudgedRehearsal[] | undefined {
  if (defined === undefined || rehearsals === undefined || 'problem' in rehearsals) return undefined
  return defined.rehearsals.map((plan) => {
    const last = rehearsals.value.get(plan.rehearsal)
    return { rehearsal: plan.rehearsal, schedule: plan.when.text, last, ...rehearsalVerdict(plan, last, asOfMs) }
  })
}

/** What the status shows of one. */
export function rehearsalStatus({ rehearsal, schedule, last, dueMs, finding }: JudgedRehearsal): RehearsalStatus {
  const done = last === undefined || last.result === 'scheduled' ? undefined : { ...last, result: last.result }
  return { rehearsal, schedule, state: stateOf(finding), ...(done === undefined ? {} : { last: done }), dueMs }
}

function stateOf({ name, status }: RehearsalVerdict['finding']): RehearsalStatus['state'] {
  if (name === 'result') return 'failed'
  return ({ ok: 'well', warn: 'due', fail: 'overdue' } as const)[status]
}

/** What is not well of the rehearsals, or not known. */
export function rehearsalConcerns({ rehearsals }: StatusFacts, judged: readonly JudgedRehearsal[] = []): Concern[] {
  if (rehearsals !== undefined && 'problem' in rehearsals) {
    const fix = 'See to what is said; until then nobody knows whether a restore test or drill is due.'
    return [{ code: 'rehearsals', status: 'unknown', subject: 'rehearsals', finding: rehearsals.problem, fix }]
  }
  return judged.flatMap(({ rehearsal, finding: { name, status, finding, fix = '' } }): Concern[] => {
    if (status === 'ok') return []
    const code = name === 'result' ? 'rehearsal-failed' : 'rehearsal-due'
    return [{ code, status, subject: rehearsal, finding, fix }]
  })
}
