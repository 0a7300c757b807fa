import { alone, dropScratch, dropUnfinished } from './drop-run.ts'
import { openServer, runDatabase, runIn } from './run-database.ts'
import { madeRolesOf } from './run-document.ts'
import type { StepContext } from './step-context.ts'

/**
 * Gives a run up. What a verification has made is dropped; a database that is to stay stays as it is, with its ledger, so that it
 * can be gone on with. Returns whether there is one now that is not whole.
 */
export async function abort(context: StepContext): Promise<boolean> {
  const name = runDatabase(context)
  const server = await openServer(context)
  try {
    // Also a run that was not planned yet has made something; a call that was killed may still be at it.
    await alone(server, () => dropUnfinished(server))
    const run = await runIn(server, name, context.signal)
    if (context.as !== null) return run !== undefined
    await dropScratch(server, name, madeRolesOf(run))
    return false
  } finally {
    await server.close()
  }
}
