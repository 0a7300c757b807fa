import { join, resolve } from 'node:path'
import { ballastVersion } from '../../functions/archive/version.ts'
import { readRecords, resultsDirectory } from '../../handover/records/kept-records.ts'
import { readImages } from '../../handover/report/facts/read-images.ts'
import { readStored } from '../../handover/report/facts/read-stored.ts'
import { printReport, writeReport } from '../../handover/report/files/write-report.ts'
import { handoverReport } from '../../handover/report/model/handover-report.ts'
import { reportOutcome } from '../outcomes/report-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { requireDefinition } from '../settings/definition.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { reportText } from '../terminal/report-text.ts'
import type { ReportOptions } from './report-options.ts'

/** Writes the report of a definition in each language, for people and for programs. */
export async function makeReport(options: ReportOptions, context: CommandContext): Promise<CommandResult> {
  const { results = resultsDirectory, out, images = [], stored = false } = options
  const { signal, style, target, note } = context
  const cluster = await requireDefinition(options.config)
  target(cluster.name)
  const report = handoverReport({
    ...{ cluster, ballast: ballastVersion, records: await readRecords(results, cluster.name) },
    images: await readImages(images),
    ...(stored ? { stored: await readStored(cluster, commandEnvironment(cluster), signal) } : {}),
  })
  const languages = options.language === undefined ? cluster.handover.languages : [...new Set(options.language)]
  const place = { directory: resolve(out ?? join(results, cluster.name, 'report')), languages }
  const files = await writeReport(report, place)
  for (const file of files) note(`wrote ${file}`)
  const printed = await printReport(report, place, { env: process.env, signal })
  for (const file of printed) note(`wrote ${file}`)
  const all = [...files, ...printed]
  return { outcome: reportOutcome(report, all), text: reportText(report, style), asked: true }
}
