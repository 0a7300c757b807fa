import { type Html, html } from '../../../functions/runtime/page/html.ts'
import { cell, row, table } from '../../../functions/runtime/page/tables.ts'
import type { StoredProof } from '../model/stored-proof.ts'
import { drillsOf } from './drill-sections.ts'
import { section } from './parts.ts'
import type { View } from './view.ts'

/** The drills that restore, and what the store says of the newest backups, where it was asked. */
export function backupSection(view: View): Html {
  return section(view, 'backup', [...drillsOf(view, 'backup'), storedPart(view)])
}

function storedPart(view: View): Html {
  const { report, texts } = view
  const { stored } = report
  const heading = html`<h3>${texts.storedCaption}</h3>`
  if (stored === undefined) return html`${heading}<p>${texts.storedNotAsked}</p>`
  if (stored.length === 0) return html`${heading}<p>${texts.storedNone}</p>`
  const { database, newestBackup, proof } = texts.columns
  const rows = stored.map((one) => storedRow(view, one))
  return html`${heading}${table('stored', texts.storedCaption, [database, newestBackup, proof], rows)}`
}

function storedRow({ texts, format, numbers }: View, { database, newest, proof }: StoredProof): Html {
  const instant = (text: string): string => format.instant(Date.parse(text))
  const size =
    newest === undefined
      ? undefined
      : texts.setOf(numbers.count(newest.rows), numbers.count(newest.tables), format.bytes(newest.storedBytes))
  return row(database, [
    cell(
      texts.columns.newestBackup,
      newest === undefined ? '–' : html`${instant(newest.startedAt)} <small>${newest.set}</small> <small>${size}</small>`,
    ),
    cell(
      texts.columns.proof,
      proof === undefined
        ? texts.neverProven
        : html`${proofText(texts, proof)} <small>${instant(proof.at)}</small> <small>${proof.set}</small>`,
    ),
  ])
}

function proofText(texts: View['texts'], proof: NonNullable<StoredProof['proof']>): string {
  return proof.verdict === 'sampled' ? texts.sampledProof(proof.digests) : texts.proof[proof.verdict]
}
