import type { SetAddress } from '../../functions/archive/keys.ts'
import { describeConnection } from '../../functions/platform/postgres/connection.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import type { RestoreResult } from '../../functions/restore/restore.ts'
import { formatBytes, formatDuration, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** What a person wants to know after a restore. */
export function restoreText(
  address: SetAddress,
  target: ConnectionSettings,
  { tables, rows, rawBytes, leftOut, secondsByPhase }: RestoreResult,
  seconds: number,
  style: Style,
): string {
  const rate = seconds > 0 ? `, ${formatBytes(rawBytes / seconds)}/s` : ''
  const phases = Object.entries(secondsByPhase).map(([phase, spent]) => `${phase} ${formatDuration(spent)}`)
  const lines = [
    `${style.good('restored')} ${style.bold(`${address.cluster}/${address.database}`)} from ${style.bold(address.set)}`,
    `  into   ${describeConnection(target)}`,
    `  rows   ${plural(rows, 'row')} of ${plural(tables, 'table')}, ${formatBytes(rawBytes)} in ${formatDuration(seconds)}${rate}`,
    ...(phases.length === 0 ? [] : [`  spent  ${phases.join(', ')}`]),
    ...leftOut.map((what) => `  ${style.warn('left out')} ${what}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}
