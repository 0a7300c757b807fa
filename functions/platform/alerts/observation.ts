export type Severity = 'critical' | 'warning'

/** What one poll of one thing found. */
export interface Observation {
  /** Tells this alert from every other one of the cluster: `replication-lag/db-2`. */
  key: string
  /** Of the alert, which is also the name of its runbook: `replication-lag`. */
  name: string
  /** What it is about: `db-2`, `shop/app`. */
  subject: string
  severity: Severity
  well: boolean
  /** What was found, with its numbers, in one line. */
  summary: string
  /** What to do, as one sentence. */
  hint: string
  /** It is no poll of many but the end of a run: one bad raises the alert, one good ends it. */
  immediate?: boolean
  /** While it lasts it is repeated once a day at most, however often other alerts are. */
  remindDaily?: true
}

const longestKey = 200
const longestName = 200
const longestText = 1000

/** One observation per key, the worst where there are several, with texts that fit into the state and a message. */
export function worstByKey(observations: readonly Observation[]): Map<string, Observation> {
  const worst = new Map<string, Observation>()
  for (const observation of observations.map(bounded)) {
    const known = worst.get(observation.key)
    if (known === undefined || compare(observation, known) < 0) worst.set(observation.key, observation)
  }
  return worst
}

function compare(a: Observation, b: Observation): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  // All else decides too, so that the order of observations never matters.
  const [left, right] = [wholeText(a), wholeText(b)]
  return left < right ? -1 : Number(left > right)
}

function wholeText({ immediate = false, name, subject, summary, hint }: Observation): string {
  return JSON.stringify([immediate ? 0 : 1, name, subject, summary, hint])
}

function rank({ well, severity }: Observation): number {
  if (well) return 2
  return severity === 'critical' ? 0 : 1
}

function bounded(observation: Observation): Observation {
  const { key, name, subject, summary, hint } = observation
  return {
    ...observation,
    ...{ key: cut(key, longestKey), name: cut(name, longestName), subject: cut(subject, longestName) },
    ...{ summary: cut(summary, longestText), hint: cut(hint, longestText) },
  }
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3).toWellFormed()}...`
}
