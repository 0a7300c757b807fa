import type { Language } from '../../functions/runtime/page/language.ts'
import type { DefinitionOptions } from '../options.ts'

/** What `ballast report` was asked for. */
export interface ReportOptions extends DefinitionOptions {
  results?: string
  out?: string
  language?: Language[]
  images?: string[]
  stored?: boolean
}
