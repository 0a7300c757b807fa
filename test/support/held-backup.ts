import { existsSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupOptions } from '../../functions/backup/backup.ts'
import type { BackupCase } from './backup-case.ts'
import { until } from './traces.ts'
import { holdAt, wrapTools } from './wrapped-tools.ts'

/**
 * Lets something happen at the moment when a backup holds its snapshot and its locks and has not started a worker or a tool
 * yet: it is then looking for its tools, and the question for their version waits until `act` is done.
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
      await until('the backup holds its snapshot', async () => existsSync(join(directory, 'held')))
      await act()
    } finally {
      await writeFile(join(directory, 'held.go'), '')
    }
  }
  const [result] = await Promise.all([work({ env }), acting()])
  return result
}
