import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { start } from '../../functions/platform/process/start.ts'
import { sessionEnvironment } from '../psql.ts'
import type { Sandbox } from '../sandbox.ts'

/** Orders a second: enough to be seen, little enough to leave the processors to the backup. */
const rate = 50
/** The demo is over long before; a bound all the same. */
const withinSeconds = 600

/** pgbench as the application: places orders through PgBouncer until stopped. */
export function keepWriting(sandbox: Sandbox, signal: AbortSignal): { stop(): Promise<void> } {
  const script = fileURLToPath(new URL('./place-order.sql', import.meta.url))
  const limits = ['--client=4', `--rate=${rate}`, `--time=${withinSeconds}`]
  const child = start({
    command: join(sandbox.pgBin, 'pgbench'),
    args: ['--no-vacuum', `--file=${script}`, ...limits],
    env: { PATH: '/usr/bin:/bin', ...sessionEnvironment(sandbox.pgbouncer.url()) },
    signal,
  })
  child.stdout.resume()
  let stopped = false
  return {
    stop: async () => {
      stopped = true
      child.kill()
      await child.done.catch((error: unknown) => {
        if (!stopped) throw error
      })
    },
  }
}
