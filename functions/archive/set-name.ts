import { Failure } from '../platform/failure.ts'

/** When and by whom a set was begun, as its name says it: `2026-11-22T060000Z-<run>`. UTC, so names sort by time. */
export interface SetName {
  /** Milliseconds since the epoch, whole seconds. */
  startedMs: number
  /** The schedule slot or a random run id: letters, digits and inner hyphens. */
  run: string
}

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})(\d{2})(\d{2})Z-([a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?)$/

/** The name of a set begun at this instant. */
export function formatSetName({ startedMs, run }: SetName): string {
  const iso = new Date(startedMs).toISOString()
  const name = `${iso.slice(0, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z-${run}`
  if (!pattern.test(name)) {
    throw new Failure(`"${run}" cannot be part of a set's name`, {
      kind: 'config',
      subject: run,
      hint: 'Use lower-case letters, digits and hyphens, at most 48 characters.',
    })
  }
  return name
}

/** What a name says, or undefined when it is not the name of a set. */
export function parseSetName(name: string): SetName | undefined {
  const match = pattern.exec(name)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, run] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const startedMs = Date.parse(iso)
  if (run === undefined || Number.isNaN(startedMs) || new Date(startedMs).toISOString() !== iso) return undefined
  return { startedMs, run }
}

/** An instant as evidence and other files carry it in their names: `20261122T060000Z`. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Milliseconds since the epoch of an instant as {@link formatInstant} writes it; undefined for any other text. */
export function parseInstant(text: string): number | undefined {
  const iso = text.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6.000Z')
  const ms = iso === text ? Number.NaN : Date.parse(iso)
  // What no calendar has, such as the 30th of February, would be read as another day.
  return !Number.isNaN(ms) && new Date(ms).toISOString() === iso ? ms : undefined
}
