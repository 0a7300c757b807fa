/** `warn` does not keep a run from succeeding now, `fail` does. */
export type CheckStatus = 'ok' | 'warn' | 'fail'

/** One thing that was looked at, what was found, and what to do about it. */
export interface Check {
  /** What it is about: `tools`, `shop/app`, `s3://backups/pg`. */
  subject: string
  /** What was looked at, in a word or two: `pooler`, `clock`. */
  name: string
  status: CheckStatus
  finding: string
  /** What to do; always there unless the status is `ok`. */
  fix?: string
  /** People need days to see to it: while it lasts, they are reminded once a day, and not more often. */
  remindDaily?: true
  /** It is told at once: what was found here is over with this look, and the next one will not find it. */
  immediate?: true
}

/** What one look found, before it is known what it was about. */
export type Finding = Omit<Check, 'subject'>

export function ok(name: string, finding: string): Finding {
  return { name, status: 'ok', finding }
}

export function warn(name: string, finding: string, fix: string): Finding {
  return { name, status: 'warn', finding, fix }
}

export function fail(name: string, finding: string, fix: string): Finding {
  return { name, status: 'fail', finding, fix }
}
