import { type CronFields, cronFields, parseCron, span } from './cron.ts'
import { quote, refuse, type Verdict } from './verdict.ts'

/** When something runs, in the cluster's time zone: as written, and as the minutes, hours and days that match. */
export interface When extends CronFields {
  text: string
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const EXAMPLES =
  "write e.g. 'every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00' or a cron line"
const QUARTER_MONTHS = [1, 4, 7, 10]

type Reader = (match: RegExpExecArray) => Verdict<CronFields> | undefined

function clock(hour: string | undefined, minute: string | undefined): Pick<CronFields, 'hours' | 'minutes'> | undefined {
  const [hours, minutes] = [Number(hour), Number(minute)]
  return hours <= 23 && minutes <= 59 ? { hours: [hours], minutes: [minutes] } : undefined
}

function at(hour: string | undefined, minute: string | undefined, days: Partial<CronFields>): Verdict<CronFields> | undefined {
  const time = clock(hour, minute)
  return time && { value: cronFields({ ...time, ...days }) }
}

/** An interval must divide the hour or the day, else runs would bunch up at midnight. */
function every(count: number, unit: string): Verdict<CronFields> {
  const [whole, name] = unit === 'hour' ? [24, 'the day'] : [60, 'the hour']
  if (count === 0 || whole % count !== 0 || (unit === 'minute' && count === 60)) {
    const choices = span(1, whole - (unit === 'minute' ? 1 : 0)).filter((candidate) => whole % candidate === 0)
    return refuse(`'every ${count} ${unit}s' does not divide ${name} evenly`, `use one of ${choices.join(', ')} ${unit}s`)
  }
  const marks = span(0, whole - 1, count)
  return { value: cronFields(unit === 'hour' ? { minutes: [0], hours: marks } : { minutes: marks }) }
}

const FORMS: readonly (readonly [RegExp, Reader])[] = [
  [/^every (?:(\d{1,4}) )?(minute|hour)s?$/, ([, count = '1', unit = '']) => every(Number(count), unit)],
  [/^daily at (\d{2}):(\d{2})$/, ([, hour, minute]) => at(hour, minute, {})],
  [
    /^weekly on (\w+) at (\d{2}):(\d{2})$/,
    ([, day = '', hour, minute]) =>
      WEEKDAYS.includes(day) ? at(hour, minute, { weekdays: [WEEKDAYS.indexOf(day)] }) : undefined,
  ],
  [
    /^(monthly|quarterly) on (\d{1,2}) at (\d{2}):(\d{2})$/,
    ([, period, day, hour, minute]) => dated(period === 'quarterly', Number(day), hour, minute),
  ],
]

function dated(
  quarterly: boolean,
  day: number,
  hour: string | undefined,
  minute: string | undefined,
): Verdict<CronFields> | undefined {
  if (day < 1 || day > 28) return refuse(`day ${day} does not come in every month`, 'use a day from 1 to 28')
  return at(hour, minute, { daysOfMonth: [day], ...(quarterly ? { months: QUARTER_MONTHS } : {}) })
}

/** A schedule in words (`'every 6 hours'`, `'daily at 03:00'`) or as a five-field cron line. */
export function parseWhen(raw: unknown): Verdict<When> {
  if (typeof raw !== 'string') return refuse(`${quote(raw)} is not a schedule`, EXAMPLES)
  const text = raw.trim().toLowerCase()
  const verdict = /^[\d*]/.test(text) ? parseCron(text) : readForm(text)
  if (verdict === undefined) return refuse(`${quote(raw)} is not a schedule`, EXAMPLES)
  return 'value' in verdict ? { value: { text, ...verdict.value } } : verdict
}

function readForm(text: string): Verdict<CronFields> | undefined {
  for (const [pattern, read] of FORMS) {
    const match = pattern.exec(text)
    if (match !== null) return read(match)
  }
  return undefined
}

const DAY_MINUTES = 24 * 60
/** Four years and a bit: the 29th of February and every weekday in it. */
const SURVEYED_DAYS = 1500
const SURVEY_START_MS = Date.UTC(2027, 0, 1)

/** A schedule as a frozen definition holds it. */
type ReadonlyWhen = { readonly [Field in keyof CronFields]: readonly number[] }

/** The longest time between two runs of a set of schedules, in seconds, clock changes aside; Infinity without any. */
export function longestGapSeconds(whens: readonly ReadonlyWhen[]): number {
  return gapsSeconds(whens).reduce((longest, gap) => Math.max(longest, gap), 0) || Number.POSITIVE_INFINITY
}

/** The shortest time between two runs of a schedule, in seconds, clock changes aside. */
export function shortestGapSeconds(when: ReadonlyWhen): number {
  return gapsSeconds([when]).reduce((shortest, gap) => Math.min(shortest, gap), Number.POSITIVE_INFINITY)
}

/**
 * How many runs of a schedule at least come after any one run and not later than so many seconds after it, clock changes
 * aside.
 */
export function fewestRunsWithin(when: ReadonlyWhen, seconds: number): number {
  const runs = [...surveyedRuns([when])]
  let fewest = Number.POSITIVE_INFINITY
  let end = 0
  for (const [index, minute] of runs.entries()) {
    while (end < runs.length && (runs[end] ?? 0) * 60 <= minute * 60 + seconds) end += 1
    // What comes after the survey is not known.
    if (end === runs.length) break
    fewest = Math.min(fewest, end - 1 - index)
  }
  return Number.isFinite(fewest) ? fewest : 0
}

function gapsSeconds(whens: readonly ReadonlyWhen[]): number[] {
  const gaps = new Set<number>()
  let previous: number | undefined
  for (const now of surveyedRuns(whens)) {
    if (previous !== undefined) gaps.add(now - previous)
    previous = now
  }
  return [...gaps].map((minutes) => minutes * 60)
}

/** Minutes from the start of the survey at which any of the schedules runs. */
function* surveyedRuns(whens: readonly ReadonlyWhen[]): Generator<number> {
  for (let day = 0; day < SURVEYED_DAYS; day++) {
    for (const minute of runsOn(new Date(SURVEY_START_MS + day * DAY_MINUTES * 60_000), whens)) yield day * DAY_MINUTES + minute
  }
}

/** Minutes of one day, sorted, at which any of the schedules runs. */
function runsOn(date: Date, whens: readonly ReadonlyWhen[]): number[] {
  const minutes = new Set<number>()
  for (const when of whens) {
    const matches =
      when.months.includes(date.getUTCMonth() + 1) &&
      when.daysOfMonth.includes(date.getUTCDate()) &&
      when.weekdays.includes(date.getUTCDay())
    if (!matches) continue
    for (const hour of when.hours) for (const minute of when.minutes) minutes.add(hour * 60 + minute)
  }
  return [...minutes].sort((a, b) => a - b)
}
