import { type Format, formatFor } from '../../../functions/runtime/page/format.ts'
import type { Language } from '../../../functions/runtime/page/language.ts'
import type { Limit, Unit } from '../../records/measurement.ts'
import type { RunRecord } from '../../records/verdict.ts'
import type { KeyTexts } from '../../texts/key-texts.ts'
import { keyTextsOf, textsOf } from '../../texts/languages.ts'
import type { Texts } from '../../texts/texts.ts'
import type { HandoverReport } from '../model/report.ts'
import type { Test } from '../model/tests.ts'
import { type Numbers, numbersFor } from './numbers.ts'

/** A report as readers of one language see it. */
export interface View {
  report: HandoverReport
  texts: Texts
  /** Texts of what records name by keys. */
  keys: KeyTexts
  format: Format
  numbers: Numbers
}

/** The view of a report in a language. */
export function viewOf(report: HandoverReport, language: Language): View {
  const format = formatFor(language, report.timeZone)
  const numbers = numbersFor(language, format)
  return { report, texts: textsOf(language), keys: keyTextsOf(language), format, numbers }
}

/** `at most 200 ms`. */
export function limitText({ texts, numbers }: View, is: Limit['is'], value: number, unit: Unit): string {
  const shown = numbers.quantity(value, unit)
  if (is === 'exactly') return texts.exactly(shown)
  return is === 'at most' ? texts.atMost(shown) : texts.atLeast(shown)
}

/** When a run ended, as readers of the report tell times. */
export function whenOf({ format }: View, record: Pick<RunRecord, 'endedAt'>): string {
  return format.instant(Date.parse(record.endedAt))
}

/** What a drill or a profile is called. */
export function testName({ texts }: View, test: Test): string {
  return test.kind === 'drill' ? texts.drills[test.name].name : texts.profiles[test.name].name
}

/** What a measurement is called; its key where no text is known of it. */
export function measurementName({ keys }: View, key: string): string {
  const known: Readonly<Record<string, { name: string }>> = keys.measurements
  return Object.hasOwn(known, key) ? (known[key]?.name ?? key) : key
}

/** A key of a record in the reader's language; as it is where no text is known of it. */
export function keyText(texts: Readonly<Record<string, string>>, key: string): string {
  return Object.hasOwn(texts, key) ? (texts[key] ?? key) : key
}
