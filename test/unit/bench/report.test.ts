import { expect, test } from 'vitest'
import { renderBarChart } from '../../../bench/report/bar-chart.ts'
import { drawCharts } from '../../../bench/report/charts.ts'
import { renderDocument } from '../../../bench/report/document.ts'
import { formatBytes, formatSeconds, toolLabel } from '../../../bench/report/format.ts'
import { paragraphs, table } from '../../../bench/report/markdown.ts'
import { measured, reportOf } from './numbers.ts'

test('numbers carry their units', () => {
  expect([0.456, 9.994, 25.44].map(formatSeconds)).toEqual(['0.46 s', '9.99 s', '25.4 s'])
  expect([1_234_000, 251_400_000, 2_040_000_000].map(formatBytes)).toEqual(['1.2 MB', '251 MB', '2.04 GB'])
})

test.each([
  ['Ballast', 'backup', 'Ballast'],
  ['pg_dump -Fc', 'backup', 'pg_dump -Fc | rclone'],
  ['pg_dump -Fd -j2 -Z1', 'backup', 'pg_dump -Fd -j2 -Z1, then rclone'],
  ['pg_dump -Fc', 'restore', 'rclone, pg_restore -j2 of -Fc'],
] as const)('%s, %s, is labelled %s', (tool, operation, label) => {
  expect(toolLabel(tool, operation, 'rclone')).toBe(label)
})

test('pipes in cells do not end them, whether escaped before or not', () => {
  expect(table(['Tool', 'Time'], [['a | b \\| c', '1 s']])).toBe('| Tool | Time |\n| --- | --: |\n| a \\| b \\| c | 1 s |')
})

test('paragraphs are one empty line apart, without the empty ones', () => {
  expect(paragraphs('a\n', '', ' b')).toBe('a\n\nb\n')
})

test('bars are as long as their numbers, to the scale of their group', () => {
  const bar = (label: string, ...parts: number[]) => ({ label, parts, value: '', own: false })
  const svg = renderBarChart({
    title: 'T',
    subtitle: 's',
    series: [],
    groups: [
      { title: 'one', bars: [bar('a', 10), bar('b', 5)] },
      { title: 'two', bars: [bar('c', 1)] },
    ],
  })
  const widths = [...svg.matchAll(/class="other"[^>]* width="([\d.]+)"/g)].map(([, width]) => Number(width))
  const [a = 0, b = 0, c = 0] = widths

  expect(widths).toHaveLength(3)
  expect(b).toBeCloseTo(a / 2, 0)
  expect(c).toBe(a)
})

test('the parts of a stacked bar lie end to end', () => {
  const svg = renderBarChart({
    title: 'T',
    subtitle: 's',
    series: ['x', 'y'],
    groups: [{ title: 'one', bars: [{ label: 'a', parts: [3, 1], value: '4', own: true }] }],
  })
  const parts = [...svg.matchAll(/class="part\d" x="([\d.]+)" y="\d+" width="([\d.]+)" height="20"/g)]
  const [first, second] = parts.map(([, x, width]) => ({ x: Number(x), width: Number(width) }))

  expect(parts).toHaveLength(2)
  expect((first?.x ?? 0) + (first?.width ?? 0)).toBeCloseTo(second?.x ?? 0, 1)
  expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(3, 1)
})

test('what a label says cannot break the image', () => {
  const bars = [{ label: 'a < b & "c"', parts: [1], value: '1', own: false }]
  const svg = renderBarChart({ title: '<T>', subtitle: '', series: [], groups: [{ title: '', bars }] })

  expect(svg).toContain('a &lt; b &amp; &quot;c&quot;')
  expect(svg).not.toContain('<T>')
})

test('charts without numbers are not drawn', () => {
  expect(drawCharts(reportOf([]))).toEqual([])
  const drawn = drawCharts(reportOf([measured('Ballast', 8)])).map(({ name }) => name)
  expect(drawn).toEqual(['bench-backup.svg', 'bench-size.svg', 'bench-cpu.svg', 'bench-memory.svg'])
})

test('the page has what was measured, what was learned, and only the charts that exist', () => {
  const report = reportOf([measured('Ballast', 8), measured('pg_dump -Fc', 25)])
  const charts = drawCharts(report)
  const page = renderDocument(report, charts, '## What was learned\n\nMuch.')

  expect(page).toContain('| pg_dump -Fc \\| rclone | 25.0 s | 25.0 s | 3.13 | 200 MB | 100 MB |')
  expect(page).toContain('## What was learned\n\nMuch.')
  expect(page).toContain('10,000,000')
  expect([...page.matchAll(/\(images\/([\w.-]+)\)/g)].map(([, name]) => name)).toEqual(charts.map(({ name }) => name))
  expect(page).not.toContain('scaled by')
  expect(page).not.toContain('Mixed database, restore')
})

test('a run on less data says so in its first lines', () => {
  expect(renderDocument(reportOf([], { scale: 0.05 }), [], '').slice(0, 500)).toContain('scaled by 0.05')
})
