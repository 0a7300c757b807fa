import { isRehearsal, type Rehearsal } from '../../../config/rehearsals.ts'
import { drillsPrefix } from '../../archive/keys.ts'
import { formatInstant, parseInstant } from '../../archive/set-name.ts'

/** What the key of a record says. */
export interface RehearsalKey {
  rehearsal: Rehearsal
  /** Milliseconds since the epoch, whole seconds. */
  atMs: number
}

/** Where a record is kept. The time comes first: a listing is in its order. */
export function rehearsalKey(cluster: string, { rehearsal, atMs }: RehearsalKey): string {
  return `${drillsPrefix(cluster)}${formatInstant(atMs)}-${rehearsal}.json`
}

/** Where a file that goes with a record is kept: beside it, in a folder of its name. */
export function rehearsalFileKey(cluster: string, key: RehearsalKey, file: string): string {
  return `${rehearsalKey(cluster, key).slice(0, -'.json'.length)}/${file}`
}

/** What the key of a record says; undefined for any other key. */
export function parseRehearsalKey(cluster: string, key: string): RehearsalKey | undefined {
  const prefix = drillsPrefix(cluster)
  const match = key.startsWith(prefix) ? /^(\w+)-([a-z-]+)\.json$/.exec(key.slice(prefix.length)) : null
  if (match === null) return undefined
  const [, instant = '', rehearsal = ''] = match
  const atMs = parseInstant(instant)
  return atMs === undefined || !isRehearsal(rehearsal) ? undefined : { rehearsal, atMs }
}
