import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { literal } from '../../functions/archive/copy-text.ts'
import type { BackupOptions } from '../../functions/backup/backup.ts'
import { omissionsSql } from '../../functions/backup/source-sql.ts'
import type { BackupCase } from './backup-case.ts'
import { until } from './traces.ts'
import { holdAt, wrapTools } from './wrapped-tools.ts'

/**
 * Lets something happen at the moment when a backup holds its snapshot and its locks and has not started a worker or a tool
 * yet: the question for the version of its tools waits until `act` is done.
 *
 * @param work runs the backup with these options and resolves when it has ended.
 */
export async function onceHeld<T>(
  one: BackupCase,
  act: () => Promise<unknown>,
  work: (options: Pick<BackupOptions, 'env'>) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(one.bench.directory, 'held-'))
  const script = `[ "$1" = --version ] && {\n${holdAt(directory, 'held')}}\nexec "$real" "$@"`
  const env = { BALLAST_PG_BIN: await wrapTools(join(directory, 'bin'), one.bench.sandbox.pgBin, { pg_dump: script }) }
  const acting = async (): Promise<void> => {
    try {
      await until('the backup looks for its tools', async () => existsSync(join(directory, 'held')))
      await until('the backup holds its snapshot', () => isDescribed(one))
      await act()
    } finally {
      await writeFile(join(directory, 'held.go'), '')
    }
  }
  const [result] = await Promise.all([work({ env }), acting()])
  return result
}

/** The last question about a source that is held has been answered. */
async function isDescribed({ bench, database }: BackupCase): Promise<boolean> {
  const asked = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}' AND state = 'idle in transaction'
    AND application_name = 'ballast backup (snapshot)' AND starts_with(${literal(omissionsSql)}, left(query, 200))`
  return (await bench.sandbox.psql(bench.sandbox.primary.adminUrl(), asked)).trim() === '1'
}
