/** When an alert is raised, repeated and ended. */
export interface AlertRules {
  /** Raised after this many bad polls ... */
  raiseAfter: number
  /** ... of this many. */
  outOf: number
  remindEverySeconds: number
  /** Whether the end of an alert is told. */
  recovery: boolean
}

/** Whether a poll, as the state keeps it, was bad. */
export function isBad(poll: string): boolean {
  return poll !== '.'
}

/**
 * Whether an alert stands after these polls (oldest first). It ends only after as many good polls in a row as it takes bad
 * ones to raise it, and only when the window would not raise it at once again: a thing that comes and goes stays one alert.
 */
export function stands(
  polls: string,
  stoodBefore: boolean,
  { raiseAfter, outOf }: Pick<AlertRules, 'raiseAfter' | 'outOf'>,
): boolean {
  const window = [...polls].slice(-outOf)
  if (window.filter(isBad).length >= raiseAfter) return true
  const goodInARow = window.length - 1 - window.findLastIndex(isBad)
  return stoodBefore && goodInARow < raiseAfter
}
