import { type Html, html } from '../../runtime/page/html.ts'
import { cell, row, table } from '../../runtime/page/tables.ts'
import type { DatabaseStatus } from '../status-report.ts'
import { agoCell, type View } from './view.ts'

/** A row for each database. */
export function databasesSection(view: View): Html {
  const { report, texts } = view
  const headings = [texts.database, texts.situation, texts.lastBackup, texts.size, texts.rows]
  const more = [texts.verification, texts.copies, texts.nextBackup]
  const rows = report.databases.map((database) => databaseRow(view, database))
  const content =
    rows.length === 0 ? html`<p>${texts.none}</p>` : table('databases', texts.databases, [...headings, ...more], rows)
  return html`<section aria-labelledby="databases"><h2 id="databases">${texts.databases}</h2>${content}</section>`
}

function databaseRow(view: View, status: DatabaseStatus): Html {
  const { texts, format } = view
  const { database, verdict, lastBackup, nextBackupMs } = status
  return row(database, [
    cell(texts.situation, html`<span class="badge ${verdict}">${texts.databaseVerdict[verdict]}</span>`),
    cell(texts.lastBackup, lastBackup === undefined ? absent(view, status) : agoCell(view, lastBackup.startedMs)),
    cell(
      texts.size,
      lastBackup === undefined
        ? '–'
        : html`${format.bytes(lastBackup.storedBytes)} <small>${texts.ofData(format.bytes(lastBackup.rawBytes))}</small>`,
    ),
    cell(
      texts.rows,
      lastBackup === undefined
        ? '–'
        : html`<span class="number">${format.count(lastBackup.rows)}</span> <small>${texts.inTables(lastBackup.tables, format.count(lastBackup.tables))}</small>`,
    ),
    cell(texts.verification, verificationCell(view, status)),
    cell(texts.copies, copiesCell(view, status)),
    cell(texts.nextBackup, nextBackupMs === undefined ? texts.notScheduled : format.time(nextBackupMs)),
  ])
}

/** That there is none is known only where the store could be read. */
function absent({ texts }: View, { verdict }: DatabaseStatus): string {
  return verdict === 'unknown' ? texts.unknown : texts.none
}

function verificationCell({ report, texts, format }: View, status: DatabaseStatus): Html | string {
  const { verdict, lastVerification } = status
  if (lastVerification === undefined) return verdict === 'unknown' ? texts.unknown : texts.never
  const ago = texts.ago(format.age((report.asOfMs - lastVerification.atMs) / 1000))
  const found =
    lastVerification.verdict === 'sampled' ? texts.sampled(lastVerification.digests) : texts.evidence[lastVerification.verdict]
  return html`${found} <small>${ago}</small>`
}

function copiesCell({ texts }: View, { copies, verdict }: DatabaseStatus): Html | string {
  if (copies.length === 0) return verdict === 'unknown' ? texts.unknown : texts.none
  const held = copies.filter(({ state }) => state === 'held').length
  const others = copies.flatMap(({ store, state }) => (state === 'held' ? [] : [texts.copyState[state](store)]))
  const detail = others.length === 0 ? undefined : html` <small>${others.join(', ')}</small>`
  return html`${texts.copiesOf(held, copies.length)}${detail}`
}
