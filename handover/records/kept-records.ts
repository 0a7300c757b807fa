import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { formatInstant } from '../../functions/archive/set-name.ts'
import { Failure } from '../../functions/platform/failure.ts'
import { drillRecord } from './drill-record.ts'
import { loadRecord } from './load-record.ts'
import type { RunRecord } from './verdict.ts'

/** Where records are kept, unless a command is told otherwise; below the working directory. */
export const resultsDirectory = 'results'

const anyRecord = z.discriminatedUnion('kind', [drillRecord, loadRecord])

/** Writes a record, whole or not at all, to `DIRECTORY/CLUSTER/TIME-KIND-NAME.json`, and returns the path. */
export async function keepRecord(directory: string, record: RunRecord): Promise<string> {
  const place = join(directory, record.cluster)
  await mkdir(place, { recursive: true })
  const path = join(place, `${formatInstant(Date.parse(record.startedAt))}-${record.kind}-${record.name}.json`)
  const partial = `${path}.${randomUUID()}.partial`
  try {
    await writeFile(partial, `${JSON.stringify(anyRecord.parse(record), undefined, 1)}\n`, { flush: true })
    await rename(partial, path)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return path
}

/**
 * All records of a cluster, oldest first.
 *
 * @throws Failure `permanent` for a record that is none, rather than to leave out what it may say.
 */
export async function readRecords(directory: string, cluster: string): Promise<RunRecord[]> {
  const place = join(directory, cluster)
  const names = await readdir(place).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const files = names.filter((name) => name.endsWith('.json')).sort()
  return await Promise.all(files.map((name) => readRecord(join(place, name))))
}

async function readRecord(path: string): Promise<RunRecord> {
  try {
    return anyRecord.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Failure('a record of a test is not what this version of Ballast writes', {
      ...{ kind: 'permanent', subject: path, code: 'BadRecord' },
      cause,
      hint: 'Move it away if it is not one, or run the test again with this version.',
    })
  }
}
