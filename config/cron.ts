import { refuse, type Verdict } from './verdict.ts'

/** The five fields of a crontab line as the sorted values that match; a field of `*` lists all of them. Sunday is 0. */
export interface CronFields {
  minutes: readonly number[]
  hours: readonly number[]
  daysOfMonth: readonly number[]
  months: readonly number[]
  weekdays: readonly number[]
}

interface FieldRange {
  name: string
  min: number
  max: number
}

const RANGES: Readonly<Record<keyof CronFields, FieldRange>> = {
  minutes: { name: 'minute', min: 0, max: 59 },
  hours: { name: 'hour', min: 0, max: 23 },
  daysOfMonth: { name: 'day of month', min: 1, max: 31 },
  months: { name: 'month', min: 1, max: 12 },
  weekdays: { name: 'weekday', min: 0, max: 7 },
}

const PART = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/

/** Every whole number from `min` to `max`, `step` apart. */
export function span(min: number, max: number, step = 1): number[] {
  return Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => min + index * step)
}

/** The fields of a schedule that has no restriction but the ones given. */
export function cronFields(restricted: Partial<CronFields>): CronFields {
  const all = (field: keyof CronFields) => span(RANGES[field].min, field === 'weekdays' ? 6 : RANGES[field].max)
  return {
    minutes: restricted.minutes ?? all('minutes'),
    hours: restricted.hours ?? all('hours'),
    daysOfMonth: restricted.daysOfMonth ?? all('daysOfMonth'),
    months: restricted.months ?? all('months'),
    weekdays: restricted.weekdays ?? all('weekdays'),
  }
}

function parseField(text: string, { min, max }: FieldRange): number[] | undefined {
  const values = new Set<number>()
  for (const part of text.split(',')) {
    const match = PART.exec(part)
    if (match === null) return undefined
    const [, first, last, step] = match
    const from = first === undefined ? min : Number(first)
    const to = last === undefined ? (first === undefined || step !== undefined ? max : from) : Number(last)
    if (from < min || to > max || from > to || step === '0' || step === '00') return undefined
    for (const value of span(from, to, step === undefined ? 1 : Number(step))) values.add(value)
  }
  return [...values].sort((a, b) => a - b)
}

/** A five-field crontab line. Naming both days of month and weekdays is refused: cron, systemd and AWS disagree on it. */
export function parseCron(text: string): Verdict<CronFields> {
  const fix = "write minute, hour, day of month, month, weekday, e.g. '0 3 * * *'"
  const parts = text.trim().split(/\s+/)
  if (parts.length !== 5) return refuse(`'${text}' has ${parts.length} cron fields`, fix)
  const parsed: Partial<CronFields> = {}
  for (const [index, field] of (Object.keys(RANGES) as (keyof CronFields)[]).entries()) {
    const part = parts[index] ?? ''
    const values = parseField(part, RANGES[field])
    if (values === undefined)
      return refuse(`'${part}' is not a cron ${RANGES[field].name} (${RANGES[field].min}-${RANGES[field].max})`, fix)
    parsed[field] = field === 'weekdays' ? [...new Set(values.map((day) => day % 7))].sort((a, b) => a - b) : values
  }
  const fields = cronFields(parsed)
  if (fields.daysOfMonth.length < 31 && fields.weekdays.length < 7) {
    return refuse('names both days of the month and weekdays', 'keep one of them and write * for the other')
  }
  if (neverRuns(fields)) return refuse('names a day that no month has', 'write a day that exists')
  return { value: fields }
}

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function neverRuns(fields: CronFields): boolean {
  const first = fields.daysOfMonth[0] ?? 1
  return fields.months.every((month) => first > (LONGEST_MONTHS[month - 1] ?? 0))
}
