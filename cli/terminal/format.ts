export { formatBytes, formatDuration } from '../../functions/platform/quantities.ts'

const irregular: Readonly<Record<string, string>> = { batch: 'batches', index: 'indexes', 'schema entry': 'schema entries' }
const counts = new Intl.NumberFormat('en-US')

/** `1,234,567`. */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** An age in one unit: `40 s`, `5 min`, `3 h`, `12 d`; `future` when clocks disagree. */
export function formatAge(seconds: number): string {
  if (seconds < -60) return 'future'
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`
  return `${formatCount(Math.floor(seconds / 86_400))} d`
}

/** `3 h ago`; `in the future` when clocks disagree. */
export function formatAgo(seconds: number): string {
  const age = formatAge(seconds)
  return age === 'future' ? 'in the future' : `${age} ago`
}

/** `3 tables`, `1 table`. */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  return `${formatCount(count)} ${irregular[noun] ?? `${noun}s`}`
}
