import type { Cluster } from './cluster.ts'
import type { TimetableEntry } from './timetable.ts'

/** What people do to know that they could: restore a backup as in an emergency, or meet failures that they cause. */
export const rehearsals = ['restore-test', 'drill'] as const

export type Rehearsal = (typeof rehearsals)[number]

/** One rehearsal that a definition asks for, and when. */
export interface RehearsalPlan {
  rehearsal: Rehearsal
  when: TimetableEntry['when']
  timeZone: string
  /** How long it may be due before that is an alarm. */
  graceSeconds: number
}

export function isRehearsal(name: string): name is Rehearsal {
  return (rehearsals as readonly string[]).includes(name)
}

/** What a definition asks people to rehearse, in the order in which it is shown; they do it, and no schedule. */
export function rehearsalPlans({ handover, timeZone }: Pick<Cluster, 'handover' | 'timeZone'>): RehearsalPlan[] {
  const { schedule, restoreTest, graceSeconds } = handover.drills
  const plan = (rehearsal: Rehearsal, when: RehearsalPlan['when'] | undefined): RehearsalPlan[] =>
    when === undefined ? [] : [{ rehearsal, when, timeZone, graceSeconds }]
  return [...plan('restore-test', restoreTest), ...plan('drill', schedule)]
}
