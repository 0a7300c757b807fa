import { z } from 'zod'

/** Units that a measurement comes in; texts of the report name them in its languages. */
export const units = ['s', 'ms', '%', 'bytes', '/s', 'count'] as const

const limit = z.strictObject({
  is: z.enum(['at most', 'at least', 'exactly']),
  /** In the measurement's unit. */
  value: z.number(),
  /** Path in the definition that promises it, such as `handover.goals.firstWrite`; `drill` where the drill itself does. */
  from: z.string().min(1),
})

/**
 * One number that was measured. Without a limit it is shown and judges nothing. Whether a limit is met is derived
 * ({@link isMet}) and not stored: no record can disagree with its own numbers.
 */
export const measurement = z.strictObject({
  /** `firstWrite`: what it is called in the report's texts. */
  key: z.string().regex(/^[a-z][a-zA-Z0-9]*$/),
  value: z.number(),
  unit: z.enum(units),
  /** How many observations the value comes from. */
  samples: z.int().nonnegative(),
  limit: limit.optional(),
})

export type Unit = (typeof units)[number]
export type Limit = z.infer<typeof limit>
export type Measurement = z.infer<typeof measurement>

/** Whether the limit is met, on at least one observation; undefined where there is no limit. */
export function isMet({ value, samples, limit: promised }: Measurement): boolean | undefined {
  if (promised === undefined) return undefined
  if (samples === 0 || Number.isNaN(value)) return false
  if (promised.is === 'exactly') return value === promised.value
  return promised.is === 'at most' ? value <= promised.value : value >= promised.value
}
