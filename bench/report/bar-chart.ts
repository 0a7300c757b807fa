/** Horizontal bars in groups, as one SVG image. */
export interface BarChart {
  title: string
  /** What is measured, in which unit, and which way is better. */
  subtitle: string
  /** Names of the parts of stacked bars, in order; empty where bars have one part. */
  series: readonly string[]
  groups: readonly BarGroup[]
}

/** Bars that share a scale. */
export interface BarGroup {
  title: string
  bars: readonly Bar[]
}

/** One bar; its parts lie end to end. */
export interface Bar {
  label: string
  parts: readonly number[]
  /** What stands at its end, with the unit. */
  value: string
  /** Set off from the others. */
  own: boolean
}

const width = 860
const margin = 24
const labelWidth = 290
const valueWidth = 86
const barHeight = 20
const rowHeight = 30
const groupHeight = 34
const headHeight = 66
const legendHeight = 26

/** Draws it. The card has a background of its own, so that it can be read on light and dark pages alike. */
export function renderBarChart(chart: BarChart): string {
  const legend = chart.series.length > 0 ? renderLegend(chart.series) : ''
  let y = headHeight + (legend === '' ? 0 : legendHeight)
  const groups: string[] = []
  for (const group of chart.groups) {
    groups.push(renderGroup(group, y, chart.series.length > 0))
    y += groupHeight + group.bars.length * rowHeight
  }
  const height = y + margin
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(chart.title)}">
<style>${style}</style>
<rect class="card" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>
<text class="title" x="${margin}" y="36">${escapeXml(chart.title)}</text>
<text class="note" x="${margin}" y="56">${escapeXml(chart.subtitle)}</text>
${legend}${groups.join('')}</svg>
`
}

function renderLegend(series: readonly string[]): string {
  const entries = series.map((name, index) => {
    const x = margin + index * 190
    const y = headHeight + 4
    return `<rect class="part${index}" x="${x}" y="${y}" width="12" height="12" rx="2"/><text class="note" x="${x + 18}" y="${y + 11}">${escapeXml(name)}</text>\n`
  })
  return entries.join('')
}

function renderGroup({ title, bars }: BarGroup, top: number, stacked: boolean): string {
  const longest = Math.max(...bars.map((bar) => total(bar)), Number.MIN_VALUE)
  const scale = (width - 2 * margin - labelWidth - valueWidth) / longest
  const heading = `<text class="group" x="${margin}" y="${top + 20}">${escapeXml(title)}</text>\n`
  return heading + bars.map((bar, index) => renderBar(bar, top + groupHeight + index * rowHeight, scale, stacked)).join('')
}

function renderBar(bar: Bar, top: number, scale: number, stacked: boolean): string {
  const textY = top + barHeight / 2 + 4.5
  const emphasis = bar.own ? ' own' : ''
  let x = margin + labelWidth
  const parts = bar.parts.map((part, index) => {
    const length = part * scale
    const kind = stacked ? `part${index}` : bar.own ? 'mine' : 'other'
    const drawn = `<rect class="${kind}" x="${x.toFixed(1)}" y="${top}" width="${Math.max(length, 1).toFixed(1)}" height="${barHeight}" rx="2"/>`
    x += length
    return drawn
  })
  const label = `<text class="label${emphasis}" x="${margin + labelWidth - 10}" y="${textY}" text-anchor="end">${escapeXml(bar.label)}</text>`
  const value = `<text class="value${emphasis}" x="${(x + 8).toFixed(1)}" y="${textY}">${escapeXml(bar.value)}</text>`
  return `${label}${parts.join('')}${value}\n`
}

function total(bar: Bar): number {
  return bar.parts.reduce((sum, part) => sum + part, 0)
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

const style = `
text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1f2933; }
.title { font-size: 18px; font-weight: 600; }
.group { font-weight: 600; }
.note { fill: #5b6875; }
.own { font-weight: 600; }
.card { fill: #ffffff; stroke: #d5dbe1; }
.mine { fill: #1f6feb; }
.other { fill: #9aa7b4; }
.part0 { fill: #1f6feb; }
.part1 { fill: #d9822b; }
.part2 { fill: #8a94a0; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .note { fill: #9da9b5; }
  .card { fill: #161b22; stroke: #30363d; }
  .mine { fill: #58a6ff; }
  .other { fill: #6b7683; }
  .part0 { fill: #58a6ff; }
  .part1 { fill: #e3a04f; }
  .part2 { fill: #7d8894; }
}
`
