import type { Format } from '../../../functions/runtime/page/format.ts'
import type { Language } from '../../../functions/runtime/page/language.ts'
import type { Unit } from '../../records/measurement.ts'

/** Numbers of a report, each with its unit. */
export interface Numbers {
  /** `186.4 ms`, `41 min 12 s`, `99.98 %`, `50 /s`. */
  quantity(value: number, unit: Unit): string
  /** A difference with its sign: `+13.6 ms`. */
  difference(value: number, unit: Unit): string
  /** A relative change with its sign: `+3.2 %`. */
  change(share: number): string
  count(value: number): string
  /** `+0:07.412`: minutes and seconds after a start. */
  after(ms: number): string
  /** `12:30`, `1:04:00`: a time of a run. */
  clock(seconds: number): string
  /** Without a unit, for the ticks of a chart. */
  plain(value: number): string
}

const minuteMs = 60_000

/** The numbers of a language. Nothing is rounded so far that what misses a limit by little could look as if it met it. */
export function numbersFor(language: Language, format: Format): Numbers {
  const digits = (count: number) => new Intl.NumberFormat(language, { maximumFractionDigits: count })
  const [whole, one, two, three] = [digits(0), digits(1), digits(2), digits(3)]
  const plain = (value: number): string => {
    const size = Math.abs(value)
    if (Number.isInteger(value)) return whole.format(value)
    if (size < 1) return three.format(value)
    return (size < 100 ? two : one).format(value)
  }
  const quantity = (value: number, unit: Unit): string => {
    switch (unit) {
      case 's':
        return Math.abs(value) < 120 ? `${plain(value)} s` : duration(value, plain)
      case 'bytes':
        return value < 0 ? `-${format.bytes(-value)}` : format.bytes(value)
      case 'count':
        return plain(value)
      case '%':
        // Close to all, the digits behind the comma are what is promised.
        return `${(Math.abs(value) < 99 ? two : three).format(value)} %`
      case 'ms':
      case '/s':
        return `${plain(value)} ${unit}`
    }
  }
  const signed = (value: number, text: string): string => (value > 0 ? `+${text}` : text.replace(/^-/, '−'))
  return {
    quantity,
    plain,
    difference: (value, unit) => signed(value, quantity(value, unit)),
    change: (share) => signed(share, `${one.format(share * 100)} %`),
    count: (value) => whole.format(value),
    clock: (seconds) => clockText(Math.round(seconds)),
    after: (ms) => {
      const minutes = Math.floor(ms / minuteMs)
      const seconds = new Intl.NumberFormat(language, {
        minimumIntegerDigits: 2,
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      })
      return `+${minutes}:${seconds.format(Math.floor((ms % minuteMs) / 100) / 10)}`
    },
  }
}

/** `41 min 12 s`, `2 h 5 min`, of two minutes and more. */
function duration(seconds: number, plain: (value: number) => string): string {
  const sign = seconds < 0 ? '-' : ''
  const size = Math.abs(seconds)
  const [hours, minutes] = [Math.floor(size / 3600), Math.floor((size % 3600) / 60)]
  const rest = size - hours * 3600 - minutes * 60
  const parts = [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : '', rest > 0 ? `${plain(rest)} s` : '']
  return sign + parts.filter((part) => part !== '').join(' ')
}

function clockText(seconds: number): string {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const two = (value: number): string => String(value).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}
