import { z } from 'zod'
import { drills } from '../../config/drills.ts'
import { runFacts } from './run-facts.ts'

/** What one drill did and measured. */
export const drillRecord = z.strictObject({
  kind: z.literal('drill'),
  name: z.enum(drills),
  ...runFacts,
  /** Whether the cluster is again as it was before; false is a failure, and {@link runFacts.findings} says what is left. */
  restored: z.boolean(),
})

export type DrillRecord = z.infer<typeof drillRecord>
