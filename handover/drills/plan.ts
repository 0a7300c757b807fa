import type { Cluster } from '../../config/cluster.ts'
import { type Drill as DrillName, drills as drillNames } from '../../config/drills.ts'
import { Failure } from '../../functions/platform/failure.ts'
import type { Site } from '../sites/site.ts'
import type { Drill } from './drill.ts'

/** A drill in a rehearsal, in the order in which it comes; with why it is not asked for, where the definition leaves it out. */
export interface PlannedDrill {
  drill: Drill
  leftOut?: string
}

/**
 * Which drills are run, in the order of config/drills.ts.
 *
 * @param only the ones that are asked for; all of them where it is empty.
 * @throws Failure `config` for one that is asked for by name and left out by the definition.
 */
export function planDrills(
  all: readonly Drill[],
  skip: Cluster['handover']['drills']['skip'],
  only: readonly DrillName[],
): PlannedDrill[] {
  const contradicted = only.find((name) => skip.includes(name))
  if (contradicted !== undefined) {
    throw new Failure(`the definition leaves the drill ${contradicted} out`, {
      ...{ kind: 'config', subject: 'handover.drills.skip' },
      hint: `Take ${contradicted} out of handover.drills.skip, or ask for another.`,
    })
  }
  const ordered = all.toSorted((a, b) => drillNames.indexOf(a.name) - drillNames.indexOf(b.name))
  const wanted = only.length === 0 ? ordered : ordered.filter(({ name }) => only.includes(name))
  return wanted.map((drill) => {
    if (!skip.includes(drill.name)) return { drill }
    return { drill, leftOut: 'The definition leaves it out, in handover.drills.skip.' }
  })
}

/**
 * Refuses to load or to break the machines of a production cluster unless that was said.
 *
 * @throws Failure `config`.
 */
export function refuseProduction(
  { on, definition }: Pick<Site, 'on' | 'definition'>,
  planned: readonly PlannedDrill[],
  yesBreakIt: boolean,
): void {
  const harmful = planned.filter(({ drill, leftOut }) => leftOut === undefined && drill.changes !== 'nothing')
  if (on !== 'cluster' || definition.environment !== 'production' || yesBreakIt || harmful.length === 0) return
  const names = harmful.map(({ drill }) => drill.name).join(', ')
  throw new Failure(`${definition.name} is a production cluster, and these drills load it or break it: ${names}`, {
    ...{ kind: 'config', subject: 'environment' },
    hint: 'Use --sandbox, or a cluster with environment: staging; or add --yes-break-it when its users know of it.',
  })
}
