import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Drill } from '../../handover/drills/drill.ts'
import type { RehearsedDrill } from '../../handover/drills/rehearse.ts'
import type { Site } from '../../handover/sites/site.ts'
import { runDrills } from './drill-site.ts'

/** Rehearses one drill of a test file, with its records in a directory that is gone after the tests. */
export function useRehearsal(): (site: Site, drill: Drill) => Promise<RehearsedDrill> {
  const results = mkdtempSync(join(tmpdir(), 'ballast-results-'))
  afterAll(() => rmSync(results, { recursive: true }))
  return async (site, drill) => {
    const [done] = await runDrills(site, [drill], results)
    if (done === undefined) throw new Error('no drill was run')
    return done
  }
}

/** The rows of a table of evidence, each by the names of its columns. */
export function evidence({ record }: RehearsedDrill, key: string): Record<string, string>[] {
  const { columns = [], rows = [] } = record.tables.find((table) => table.key === key) ?? {}
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? ''])))
}
