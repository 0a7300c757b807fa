import type { Check, CheckStatus } from '../../functions/platform/check.ts'
import { plural } from './format.ts'
import type { Style } from './style.ts'
import { indent, renderTable } from './table.ts'

const columns = [{ heading: '' }, { heading: '' }, { heading: '' }]

/** The checks of each subject as a table, and under each that is not well what to do. */
export function checksText(checks: readonly Check[], style: Style): string {
  const groups = Map.groupBy(checks, ({ subject }) => subject)
  const parts = [...groups].map(([subject, group]) => {
    const rows = group.flatMap((check) => checkRows(check, style))
    return `${style.bold(subject)}\n${indent(renderTable(columns, rows))}`
  })
  return `${parts.join('\n')}\n${summary(checks, style)}\n`
}

function checkRows({ status, name, finding, fix }: Check, style: Style): string[][] {
  const row = [statusText(status, style), name, finding]
  return fix === undefined ? [row] : [row, ['', '', style.bold(`-> ${fix}`)]]
}

function statusText(status: CheckStatus, style: Style): string {
  if (status === 'ok') return style.good('ok')
  return status === 'warn' ? style.warn('warn') : style.bad('FAIL')
}

function summary(checks: readonly Check[], style: Style): string {
  const failed = checks.filter(({ status }) => status === 'fail').length
  const warned = checks.filter(({ status }) => status === 'warn').length
  if (failed > 0) return style.bad(`${plural(failed, 'check')} failed, ${plural(warned, 'warning')}`)
  return warned > 0 ? style.warn(`Nothing failed, ${plural(warned, 'warning')}`) : style.good('All is well')
}
