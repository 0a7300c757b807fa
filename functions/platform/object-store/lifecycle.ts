import { Failure } from '../failure.ts'
import { defaultLimits } from './limits.ts'
import type { StoreSettings } from './settings.ts'

/** What a store does by itself about uploads that were begun and never completed. */
export type AbortRule = { type: 'days'; days: number } | { type: 'none' } | { type: 'unknown'; reason: string }

/** Reads the bucket's lifecycle rules. A store that has none to show, or does not show them to this role, is `unknown`. */
export async function readAbortRule(settings: StoreSettings, signal?: AbortSignal): Promise<AbortRule> {
  if (settings.type === 'file') return { type: 'unknown', reason: 'a directory has no lifecycle rules' }
  const [{ connect }, { abortRuleDays }] = await Promise.all([import('./s3/connect.ts'), import('./s3/abort-rule.ts')])
  const connection = connect(settings, defaultLimits)
  try {
    const days = await abortRuleDays(connection, signal)
    return days === undefined ? { type: 'none' } : { type: 'days', days }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'Aborted') throw error
    return { type: 'unknown', reason: error.code ?? error.message }
  } finally {
    connection.client.destroy()
  }
}
