import { Failure } from '../failure.ts'

/** One execution to start; its name makes it the same however often it is asked for. */
export interface Execution {
  /** ARN of the state machine. */
  machine: string
  /** At most 80 letters, digits, hyphens and underscores. */
  name: string
  input: object
}

const answerWithinMs = 15_000

/**
 * Starts an execution of an AWS Step Functions state machine. `running`: it runs now, by this call or by an earlier one with the
 * same name and input. `ended`: one of this name has ended already, and the name cannot be used again for 90 days.
 *
 * @throws Failure when it could not be started.
 */
export async function startExecution({ machine, name, input }: Execution): Promise<'running' | 'ended'> {
  const { SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn')
  const region = machine.split(':')[3]
  const client = new SFNClient(region === undefined ? {} : { region })
  try {
    const command = new StartExecutionCommand({ stateMachineArn: machine, name, input: JSON.stringify(input) })
    await client.send(command, { abortSignal: AbortSignal.timeout(answerWithinMs) })
    return 'running'
  } catch (thrown) {
    const { name: code = 'Error', message = '', $metadata } = thrown as ServiceError
    if (code === 'ExecutionAlreadyExists') return 'ended'
    const status = $metadata?.httpStatusCode
    const passing = status === undefined || status >= 500 || status === 429 || /Throttl|LimitExceeded/.test(code)
    throw new Failure(`the state machine could not be started: ${code}${message === '' ? '' : ` (${message.slice(0, 300)})`}`, {
      ...{ kind: passing ? 'transient' : 'permanent', subject: machine, code },
      cause: thrown,
      hint: passing
        ? 'The next run of the schedule tries again; look at the network to AWS, and at the limits of the account.'
        : 'Deploy the stack again, and let the role of the function `backup` start this state machine (states:StartExecution).',
    })
  } finally {
    client.destroy()
  }
}

interface ServiceError {
  name?: string
  message?: string
  $metadata?: { httpStatusCode?: number }
}
