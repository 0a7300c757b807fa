import type { DrillRecord } from '../records/drill-record.ts'
import type { Limit, Unit } from '../records/measurement.ts'
import type { DrillColumn, DrillEvent, DrillMeasurement, DrillTable } from './keys.ts'

/** A number that a drill measured. */
export interface Measured {
  value: number
  unit: Unit
  /** How many observations it comes from; 1 where it is left out. A limit on none is not met. */
  samples?: number
  limit?: Limit
}

/** What a drill has seen until now; whatever ends it, this much is kept. */
export type Evidence = Pick<DrillRecord, 'measurements' | 'findings' | 'untested' | 'events' | 'tables'>

/** Takes down what a drill sees. Nothing that is taken down may hold a secret. */
export class Recorder {
  readonly evidence: Evidence = { measurements: [], findings: [], events: [], tables: [] }
  readonly #startedMs = performance.now()

  /** A moment, now. */
  event(key: DrillEvent, detail = ''): void {
    this.evidence.events.push({ atMs: Math.round(performance.now() - this.#startedMs), key, detail })
  }

  /** A number; with a limit it is part of the verdict. */
  measure(key: DrillMeasurement, { value, unit, samples = 1, limit }: Measured): void {
    this.evidence.measurements.push({ key, value, unit, samples, ...(limit && { limit }) })
  }

  /** Something that is wrong, as a sentence: one is enough to fail. */
  finding(sentence: string): void {
    this.evidence.findings.push(sentence)
  }

  /** Something that this site cannot show, as a sentence with the reason: the report says that it was not tested. */
  untested(sentence: string): void {
    this.evidence.untested = [...(this.evidence.untested ?? []), sentence]
  }

  /** Rows that show what the numbers come from; at most {@link mostRows} of them, the first ones. */
  table(key: DrillTable, columns: readonly DrillColumn[], rows: readonly (readonly (string | number)[])[]): void {
    this.evidence.tables.push({
      key,
      columns: [...columns],
      rows: rows.slice(0, mostRows).map((row) => row.map(String)),
    })
  }
}

/** More of a table than this helps nobody who reads it. */
export const mostRows = 200
