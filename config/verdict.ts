/** Why a value is refused: the rule it breaks, and what to write instead. Never holds a secret. */
export interface Refusal {
  rule: string
  fix: string
}

/** What a pure parser says of one raw value. */
export type Verdict<T> = { value: T } | Refusal

export function refuse(rule: string, fix: string): Refusal {
  return { rule, fix }
}

const QUOTED_CHARACTERS = 60

/** A raw value for a message: short texts and numbers as written, anything else by its kind. */
export function quote(raw: unknown): string {
  if (typeof raw === 'string') {
    return raw.length <= QUOTED_CHARACTERS ? `'${raw}'` : `'${raw.slice(0, QUOTED_CHARACTERS)}...'`
  }
  return typeof raw === 'number' || typeof raw === 'boolean' ? String(raw) : kindOf(raw)
}

/** The kind of a raw value in plain words: `a list`, `an object`, `nothing`. */
export function kindOf(raw: unknown): string {
  if (raw === undefined || raw === null) return 'nothing'
  if (Array.isArray(raw)) return 'a list'
  if (typeof raw === 'object') return 'an object'
  if (typeof raw === 'string') return 'text'
  if (typeof raw === 'boolean') return 'true or false'
  return `a ${typeof raw}`
}
