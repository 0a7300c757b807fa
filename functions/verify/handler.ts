import { startExecution } from '../platform/state-machine/start-execution.ts'
import { createHandler } from '../runtime/lambda/create-handler.ts'
import { machineVariables } from '../runtime/lambda/machine-variable.ts'
import type { ScheduledRun } from '../runtime/scheduled.ts'
import { scheduledVerify } from './scheduled-verify.ts'

/** The Lambda function `verify`. */
export const handler = createHandler('verify', (run) => scheduledVerify({ ...run, ...byMany(run.env) }))

/** Without a state machine what is too large for one function is refused. */
function byMany({ [machineVariables.verify]: machine }: NodeJS.ProcessEnv): Pick<ScheduledRun, 'handOver'> {
  return machine ? { handOver: (name, input) => startExecution({ machine, name, input }) } : {}
}
