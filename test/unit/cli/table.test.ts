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

test('a long table has one width from its first line to its last', () => {
  const rows = Array.from({ length: 500 }, (_, index) => [index === 499 ? 'the longest of all' : `${index}`, '1 B', 'x'])
  const lines = renderTable(columns, rows).trimEnd().split('\n')
  expect(lines).toHaveLength(501)
  expect(new Set(lines.slice(1).map((line) => line.indexOf('1 B'))).size).toBe(1)
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
