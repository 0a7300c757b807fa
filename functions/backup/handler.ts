import { startExecution } from '../platform/state-machine/start-execution.ts'
import { createHandler } from '../runtime/lambda/create-handler.ts'
import type { ScheduledRun } from '../runtime/scheduled.ts'
import { scheduledBackup } from './scheduled-backup.ts'

/** The ARN of the state machine that takes what is too long for one function; where there is none, that is refused. */
const machineVariable = 'BALLAST_FAN_OUT_MACHINE'

/** The Lambda function `backup`. */
export const handler = createHandler('backup', (run) => scheduledBackup({ ...run, ...fanOut(run.env) }))

function fanOut({ [machineVariable]: machine }: NodeJS.ProcessEnv): Pick<ScheduledRun, 'handOver'> {
  return machine ? { handOver: (name, input) => startExecution({ machine, name, input }) } : {}
}
