import type { Drill as DrillName } from '../../config/drills.ts'
import type { Rehearsal } from '../../config/rehearsals.ts'
import type { DefinitionOptions } from '../options.ts'

/** What `ballast rehearse` was asked for: to run drills, or with `record` to file what people did. */
export interface RehearseOptions extends DefinitionOptions {
  sandbox?: boolean
  /** Directories of baked images. */
  images?: string[]
  only: DrillName[]
  yes?: boolean
  yesBreakIt?: boolean
  results: string
  file?: boolean
  record?: Rehearsal
  by?: string
  note?: string
  failed?: boolean
}
