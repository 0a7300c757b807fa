import { compareRuns, previousRun } from '../../handover/loadtest/compare.ts'
import { keepRecord, readRecords } from '../../handover/records/kept-records.ts'
import type { LoadRecord } from '../../handover/records/load-record.ts'
import { loadtestOutcome } from '../outcomes/loadtest-outcome.ts'
import { loadtestText } from '../terminal/loadtest-text.ts'
import type { Style } from '../terminal/style.ts'
import type { CommandResult } from './run-command.ts'

/** Keeps the record of a load test, and compares it with the run before. */
export async function keepLoadTest(directory: string, record: LoadRecord, style: Style): Promise<CommandResult> {
  const path = await keepRecord(directory, record)
  const before = previousRun(await readRecords(directory, record.cluster), record)
  const previous = before && { startedAt: before.startedAt, changes: compareRuns(record, before) }
  const kept = { record, path, previous }
  return { outcome: loadtestOutcome(kept), text: loadtestText(kept, style) }
}
