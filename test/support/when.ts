import { parseWhen, type When } from '../../config/when.ts'

/** A schedule that is known to be right. */
export function whenOf(text: string): When {
  const verdict = parseWhen(text)
  if ('value' in verdict) return verdict.value
  throw new Error(`${text}: ${verdict.rule}`)
}
