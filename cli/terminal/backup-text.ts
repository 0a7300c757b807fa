import type { Manifest } from '../../functions/archive/manifest.ts'
import { formatBytes, formatDuration, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** What a person wants to know after a backup. */
export function backupText({ summary, omitted, warnings }: Manifest, seconds: number, location: string, style: Style): string {
  const { cluster, database, set, tables, rows, rawBytes, storedBytes, serverVersion, sourceRole } = summary
  const rate = seconds > 0 ? `, ${formatBytes(rawBytes / seconds)}/s` : ''
  const lines = [
    `${style.good('backed up')} ${style.bold(`${cluster}/${database}`)} as ${style.bold(set)}`,
    `  from   PostgreSQL ${serverVersion.split(' ')[0]}, ${sourceRole}`,
    `  rows   ${plural(rows, 'row')} of ${plural(tables, 'table')}, ${formatBytes(rawBytes)} in ${formatDuration(seconds)}${rate}`,
    `  size   ${formatBytes(storedBytes)}${rawBytes > 0 ? ` (${Math.round((100 * storedBytes) / rawBytes)} % of the rows as text)` : ''}`,
    `  in     ${location}`,
    ...omitted.map(({ subject, reason }) => `  ${style.warn('left out')} ${subject}: ${reason}`),
    ...warnings.map((warning) => `  ${style.warn('warning')} ${warning}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}
