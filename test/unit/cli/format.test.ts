import { expect, test } from 'vitest'
import { formatAge, formatAgo, formatBytes, formatCount, formatDuration, plural } from '../../../cli/terminal/format.ts'

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_250_000_000, '1.3 GB'],
  [99_940_000, '99.9 MB'],
  [99_950_000, '100 MB'],
  [999_400_000, '999 MB'],
  [999_500_000, '1.0 GB'],
  [2.5e18, '2500 PB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0.04, '0.0 s'],
  [9.84, '9.8 s'],
  [9, '9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 00 s'],
  [192, '3 min 12 s'],
  [3599.4, '59 min 59 s'],
  [7500, '2 h 05 min'],
  [86_390, '1 d 0 h'],
  [273_600, '3 d 4 h'],
])('%d seconds last %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test.each([
  [-61, 'future', 'in the future'],
  [-30, '0 s', '0 s ago'],
  [59.9, '59 s', '59 s ago'],
  [3599, '59 min', '59 min ago'],
  [47 * 3600, '47 h', '47 h ago'],
  [48 * 3600, '2 d', '2 d ago'],
  [2000 * 86_400, '2,000 d', '2,000 d ago'],
])('an age of %d seconds is %s', (seconds, age, ago) => {
  expect(formatAge(seconds)).toBe(age)
  expect(formatAgo(seconds)).toBe(ago)
})

test('counts have separators, and nouns their number', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567')
  expect([
    plural(1, 'row'),
    plural(0, 'row'),
    plural(2, 'index'),
    plural(1, 'schema entry'),
    plural(3, 'schema entry'),
  ]).toEqual(['1 row', '0 rows', '2 indexes', '1 schema entry', '3 schema entries'])
})
