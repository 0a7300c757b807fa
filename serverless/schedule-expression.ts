import type { TimetableEntry } from '../config/timetable.ts'

type When = TimetableEntry['when']

const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

/** A schedule as EventBridge Scheduler writes it, in the cluster's time zone: minute, hour, day, month, weekday, year. */
export function scheduleExpression(when: When): string {
  const days = field(when.daysOfMonth, 31)
  // Of days and weekdays one must be a question mark; the definition restricts one of them at most.
  const byWeekday = when.weekdays.length < weekdays.length
  const [day, weekday] = byWeekday ? ['?', when.weekdays.map((at) => weekdays[at]).join(',')] : [days, '?']
  return `cron(${field(when.minutes, 60)} ${field(when.hours, 24)} ${day} ${field(when.months, 12)} ${weekday} *)`
}

function field(values: readonly number[], all: number): string {
  return values.length === all ? '*' : values.join(',')
}
