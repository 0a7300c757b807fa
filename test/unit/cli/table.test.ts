import { expect, test } from 'vitest'
import { renderTable } from '../../../cli/terminal/table.ts'

const columns = [{ heading: 'Set' }, { heading: 'Size', align: 'right' as const }, { heading: 'State' }]

test('columns line up, right where asked, with no spaces at the end', () => {
  const rows = [
    ['a', '1.0 MB', 'ok'],
    ['longer', '12 B', ''],
  ]
  expect(renderTable(columns, rows)).toBe('Set       Size  State\na       1.0 MB  ok\nlonger    12 B\n')
})

test('without headings there is no line for them', () => {
  expect(renderTable([{ heading: '' }, { heading: '' }], [['a', 'b']])).toBe('a  b\n')
})

test('a long table looks like a short one', () => {
  const row = (index: number) => [`set ${index}`, `${index} B`, index % 2 ? '\u001b[31mx\u001b[39m' : 'not yet']
  const rows = Array.from({ length: 500 }, (_, index) => row(100 + index))
  const long = renderTable(columns, rows).split('\n')
  const short = renderTable(columns, rows.slice(0, 100)).split('\n')
  expect(long).toHaveLength(502)
  expect(long.slice(0, 101)).toEqual(short.slice(0, 101))
})

test('colours take no room, and what could drive the terminal is taken out', () => {
  const green = '\u001b[32mok\u001b[39m'
  const text = renderTable(
    [{ heading: 'A' }, { heading: 'B' }],
    [
      [green, 'x'],
      ['\u001b]0;t\u0007\r', 'y'],
    ],
  )
  const lines = text.trimEnd().split('\n')
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual(['A B', `${green} x`, '\ufffd]0;t\ufffd\ufffd y'])
  expect(lines[1]?.replace(green, 'ok').indexOf('x')).toBe(lines[0]?.indexOf('B'))
})

test('wide letters are never cut', () => {
  expect(renderTable([{ heading: 'Name' }, { heading: 'B' }], [['データベース', 'x']])).toContain('データベース  x')
})
