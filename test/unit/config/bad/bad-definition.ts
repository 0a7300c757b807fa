import type { Changes } from '../sample.ts'

/** A way to spoil the sample definition, and every line that its error must have, in order. */
export interface BadDefinition {
  changes: Changes
  lines: readonly string[]
}
