import { setTimeout as sleep } from 'node:timers/promises'
import { startMotoServer } from './moto.ts'
import { stepFunctionsCall } from './step-functions-call.ts'
import { startTaskBridge, type Tasks } from './task-bridge.ts'

/** How an execution stands. */
export interface Execution {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED'
  /** Of one that succeeded; JSON. */
  output?: string
  /** Of one that failed. */
  error?: string
  cause?: string
}

/** AWS Step Functions on loopback: moto interprets the machines, their tasks are those that it was started with. */
export interface StateMachines {
  readonly endpoint: string
  /** @returns the ARN. */
  create(name: string, definition: string): Promise<string>
  /** @returns the ARN. */
  start(machine: string, name: string, input: object): Promise<string>
  describe(execution: string): Promise<Execution>
  /** As it is when it has ended. */
  ended(execution: string): Promise<Execution>
  stopExecution(execution: string): Promise<void>
  stop(): Promise<void>
}

export const machineRegion = 'sa-east-1'
const pollMs = 200

/**
 * Starts it. What differs from AWS: a distributed map runs within the execution, and never fails when a batch does; attempts are
 * counted for a state of a branch as a whole, however often it is entered; and the list of a map comes from `tasks`.
 *
 * @param directory for what moto writes.
 */
export async function startStateMachines(tasks: Tasks, directory: string): Promise<StateMachines> {
  const bridge = await startTaskBridge(tasks)
  const moto = await startMotoServer({ tasksPort: bridge.port, directory })
  const call = <T>(operation: string, body: object) => stepFunctionsCall<T>(moto.endpoint, operation, body, machineRegion)
  const config = JSON.stringify({ stepfunctions: { execute_state_machine: true } })
  await fetch(`${moto.endpoint}/moto-api/config`, { method: 'POST', body: config })
  const describe = (executionArn: string) => call<Execution>('DescribeExecution', { executionArn })
  const roleArn = 'arn:aws:iam::123456789012:role/fan-out'
  return {
    endpoint: moto.endpoint,
    create: async (name, definition) =>
      (await call<{ stateMachineArn: string }>('CreateStateMachine', { name, definition, roleArn })).stateMachineArn,
    start: async (stateMachineArn, name, input) => {
      const body = { stateMachineArn, name, input: JSON.stringify(input) }
      return (await call<{ executionArn: string }>('StartExecution', body)).executionArn
    },
    describe,
    ended: async (execution) => {
      for (;;) {
        const found = await describe(execution)
        if (found.status !== 'RUNNING') return found
        await sleep(pollMs)
      }
    },
    stopExecution: async (executionArn) => void (await call('StopExecution', { executionArn })),
    stop: async () => {
      await moto.stop()
      await bridge.stop()
    },
  }
}
