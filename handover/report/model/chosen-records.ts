import { previousRun } from '../../loadtest/compare.ts'
import type { DrillRecord } from '../../records/drill-record.ts'
import type { LoadRecord } from '../../records/load-record.ts'
import { type RunRecord, verdictOf } from '../../records/verdict.ts'

/** What the records say of one drill or one profile. */
export interface ChosenRecords<R extends RunRecord> {
  /** The newest about this definition that passed or failed: the one that counts. */
  counted?: R
  /** The newest about this definition, where it is younger than that one: it came to no result. */
  attempt?: R
  /** The newest that passed or failed, where it is about another definition. */
  outdated?: R
  /** Of a load test, the run that the one that counts is compared with, whatever its definition. */
  previous?: R
}

/** Chooses for a drill. @param records oldest first. */
export function chosenDrill(records: readonly RunRecord[], name: string, definition: string): ChosenRecords<DrillRecord> {
  return choose(
    records.filter((record) => record.kind === 'drill').filter((record) => record.name === name),
    definition,
  )
}

/** Chooses for a profile. @param records oldest first. */
export function chosenLoad(records: readonly RunRecord[], name: string, definition: string): ChosenRecords<LoadRecord> {
  const own = records.filter((record) => record.kind === 'load').filter((record) => record.name === name)
  const chosen = choose(own, definition)
  const previous = chosen.counted && previousRun(own, chosen.counted)
  return { ...chosen, ...(previous && { previous }) }
}

function choose<R extends RunRecord>(records: readonly R[], definition: string): ChosenRecords<R> {
  const newestFirst = records.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
  const decided = newestFirst.filter((record) => verdictOf(record) !== 'not run')
  const counted = decided.find((record) => record.definition === definition)
  const newest = newestFirst.find((record) => record.definition === definition)
  const outdated = decided.find((record) => record.definition !== definition)
  return {
    ...(counted === undefined ? {} : { counted }),
    ...(newest === undefined || newest === counted ? {} : { attempt: newest }),
    ...(outdated === undefined || counted !== undefined ? {} : { outdated }),
  }
}
