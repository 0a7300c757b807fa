import { startExecution } from '../platform/state-machine/start-execution.ts'
import { createHandler } from '../runtime/lambda/create-handler.ts'
import { machineVariables } from '../runtime/lambda/machine-variable.ts'
import type { ScheduledRun } from '../runtime/scheduled.ts'
import { scheduledBackup } from './scheduled-backup.ts'

/** The Lambda function `backup`. */
export const handler = createHandler('backup', (run) => scheduledBackup({ ...run, ...fanOut(run.env) }))

/** Without a state machine what is too long for one function is refused. */
function fanOut({ [machineVariables.backup]: machine }: NodeJS.ProcessEnv): Pick<ScheduledRun, 'handOver'> {
  return machine ? { handOver: (name, input) => startExecution({ machine, name, input }) } : {}
}
