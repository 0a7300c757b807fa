import { Failure } from '../../functions/platform/failure.ts'
import { run } from '../../functions/platform/process/run.ts'

/** What stock psql makes of a connection string: the answer of a statement, or its error. */
export type PsqlAnswer = { ok: true; text: string } | { ok: false; error: string }

/** Runs one statement through stock psql with nothing in its environment but what is given. */
export async function askPsql(psql: string, conninfo: string, sql: string, env: Record<string, string>): Promise<PsqlAnswer> {
  try {
    const args = ['-X', '-w', '-A', '-t', '-c', sql, '-d', conninfo]
    const { stdout } = await run({
      command: psql,
      args,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...env },
      timeoutMs: 60_000,
    })
    return { ok: true, text: stdout.trim() }
  } catch (error) {
    if (error instanceof Failure) return { ok: false, error: error.message }
    throw error
  }
}
