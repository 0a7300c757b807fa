import { expect, test } from 'vitest'
import { parseState, serializeState } from '../../../../functions/platform/alerts/alert-state.ts'
import { decide } from '../../../../functions/platform/alerts/decide.ts'
import { observed, twoOfThree } from '../../../support/observations.ts'

const { entries } = decide([], [observed('critical', { immediate: true })], twoOfThree, 1_000)
const written = JSON.parse(Buffer.from(serializeState(entries, 'one')).toString())
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))

test('what is written is read, and two writers write different bytes', () => {
  expect(parseState(serializeState(entries, 'one'))).toEqual({ entries })
  expect(serializeState(entries, 'one')).not.toEqual(serializeState(entries, 'two'))
})

test.each<[unknown, string]>([
  [{ ...written, format: 2, somethingNew: true }, 'has the format 2 of a newer Ballast'],
  [{ ...written, format: 'x' }, 'is not what Ballast writes (at format)'],
  [{ ...written, extra: 1 }, 'is not what Ballast writes (at its top)'],
  [{ ...written, entries: [{ ...written.entries[0], polls: 'x' }] }, 'is not what Ballast writes (at entries.0.polls)'],
  [
    { ...written, entries: [{ ...written.entries[0], severity: 'fatal' }] },
    'is not what Ballast writes (at entries.0.severity)',
  ],
  [[], 'is not what Ballast writes (at its top)'],
  [null, 'is not what Ballast writes (at its top)'],
])('%j is refused', (value, fault) => {
  expect(parseState(bytes(value))).toEqual({ fault })
})

test.each(['', '{', '\xff\xfe'])('%j is no state', (text) => {
  expect(parseState(Buffer.from(text, 'latin1'))).toEqual({ fault: 'is no JSON' })
})
