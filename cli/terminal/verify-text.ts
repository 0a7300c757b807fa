import { digestShareText } from '../../functions/archive/digest-share.ts'
import type { Finding } from '../../functions/archive/evidence.ts'
import type { VerifyReport } from '../../functions/verify/report.ts'
import { formatBytes, formatDuration, plural } from './format.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

const shownFindings = 20

/** What a person wants to know after a verification. */
export function verifyText(report: VerifyReport, seconds: number, style: Style): string {
  const { address, compared, findings, findingsTotal, notChecked, notes, evidence } = report
  const { sequences, indexes, files } = compared
  const hidden = findingsTotal - Math.min(findings.length, shownFindings)
  const lines = [
    `${verdict(report, style)} ${style.bold(`${address.cluster}/${address.database}`)} ${style.bold(address.set)}`,
    `  rows   ${rowsText(report)}, ${formatBytes(compared.rawBytes)} in ${formatDuration(seconds)}`,
    `  also   ${plural(files, 'object')}, ${plural(sequences, 'sequence')}, ${plural(compared.schemaEntries, 'schema entry')}, ` +
      `${plural(compared.roleStatements, 'role statement')}, ${plural(indexes, 'index')}`,
    ...(evidence === undefined ? [] : [`  proof  ${evidence}`]),
    ...findings.slice(0, shownFindings).map((finding) => `  ${style.bad('differs')} ${findingText(finding)}`),
    ...(hidden > 0 ? [`  ${style.bad('differs')} and ${hidden} more: --json has them`] : []),
    ...notChecked.map((what) => `  ${style.warn('not compared')} ${what}`),
    ...notes.map((note) => `  ${style.dim('note')}   ${note}`),
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

function rowsText({ sampled, compared: { tables, digestTables, rows } }: VerifyReport): string {
  const all = `${plural(rows, 'row')} of ${plural(tables, 'table')}`
  return sampled === undefined ? `${all} compared` : `${all} counted, those of ${plural(digestTables, 'table')} compared`
}

function verdict({ equal, sampled, findings }: VerifyReport, style: Style): string {
  if (equal) return style.good(sampled === undefined ? 'proven equal' : `equal; ${digestShareText(sampled)}:`)
  return findings.length > 0 ? style.bad('DIFFERENT') : style.warn('NOT PROVEN')
}

function findingText({ subject, problem, expected, actual }: Finding): string {
  const values = expected === undefined && actual === undefined ? '' : ` (expected ${expected ?? '-'}, found ${actual ?? '-'})`
  return `${subject} ${problem}${values}`
}
