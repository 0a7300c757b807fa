import type { Cluster } from '../../config/cluster.ts'
import { rehearsalPlans } from '../../config/rehearsals.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import type { FiledRehearsal } from '../../functions/runtime/rehearsals/file-rehearsal.ts'
import { rehearsalVerdict } from '../../functions/runtime/rehearsals/rehearsal-verdict.ts'
import type { Style } from '../terminal/style.ts'

/** What was filed. That a rehearsal failed is said by the next look at it: filing it went well. */
export function rehearsalOutcome({ cluster, rehearsal, result }: FiledRehearsal, place: string): Outcome {
  return { operation: 'rehearse', subject: cluster, ok: true, numbers: { rehearsal, result }, details: { record: place } }
}

/** The same for a person, with what comes next. */
export function rehearsalText(cluster: Cluster, filed: FiledRehearsal, place: string, style: Style): string {
  const { rehearsal, result, by, note, atMs } = filed
  const plan = rehearsalPlans(cluster).find((one) => one.rehearsal === rehearsal)
  const next =
    plan === undefined
      ? 'The definition asks for none: it is kept, and nobody waits for the next.'
      : rehearsalVerdict(plan, { atMs, result, by, note }, atMs).finding.finding
  const word = result === 'failed' ? style.bad(result) : style.good(result)
  return `filed ${rehearsal}, ${word}: ${place}\n  ${next}\n`
}
