import type { Status } from '../../../config/cluster.ts'

/** A language that pages and reports are written in. */
export type Language = Status['languages'][number]
