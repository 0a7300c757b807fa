import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { fanRestoreWorkers } from '../../../config/fan-out.ts'
import { deployedDefinition } from '../../../serverless/state-machine/known-when-deployed.ts'
import { restoreMachineDefinition } from '../../../serverless/state-machine/restore-definition.ts'
import { deployedValues } from '../../support/fan-out-machine.ts'
import { useFanRestoreBench } from '../../support/fan-restore-bench.ts'
import type { FanRestoreCase } from '../../support/fan-restore-case.ts'
import { type Execution, startStateMachines } from '../../support/state-machines.ts'
import type { StepEvent } from '../../support/step-calls.ts'

// Dozens of processes, several at a time.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 })
const bench = useFanRestoreBench('fan_restore_machine')

/** Executes the rendered state machine by moto's interpreter, with a function of 20 s for every task. */
async function executed(one: FanRestoreCase, as: string | null, called: (event: StepEvent) => void): Promise<Execution> {
  const { calls } = one.machine({ limitMs: 20_000 })
  const tasks = {
    call: (payload: unknown) => {
      called(payload as StepEvent)
      return calls.call(payload as StepEvent)
    },
    read: () => Promise.reject(new Error('this state machine reads no list')),
  }
  const machines = await startStateMachines(tasks, bench.directory)
  try {
    const parts = { stepSeconds: 900, workers: fanRestoreWorkers(one.cluster.backup), timeoutSeconds: 3600 }
    const definition = deployedDefinition(JSON.stringify(restoreMachineDefinition(parts)), deployedValues)
    const machine = await machines.create(`fan-restore-${randomUUID()}`, definition)
    return await machines.ended(await machines.start(machine, randomUUID(), bench.run(as)))
  } finally {
    await calls.settled()
    await machines.stop()
  }
}

describe('the state machine of restores', () => {
  test('verifies a set by functions of 20 s', async () => {
    const steps: string[] = []
    const { status, output = '' } = await executed(await bench.restores(), null, ({ step }) => steps.push(step))
    expect(status, output).toBe('SUCCEEDED')
    expect(JSON.parse(output)).toMatchObject({ ok: true, operation: 'verify', numbers: { set: bench.address.set } })
    expect(steps.filter((step) => step === 'work').length).toBeGreaterThanOrEqual(4)
    expect(steps.filter((step) => step !== 'work')).toEqual(['prepare', 'finish'])
    expect(await bench.evidence()).toMatchObject([{ verdict: 'equal' }])
    expect(await bench.left()).toBe('')
  })

  test('fails where nothing can be made, after it has given up', async () => {
    const steps: string[] = []
    // A restore into a database that is somebody's.
    const { status, error, cause } = await executed(await bench.restores(), 'postgres', ({ step }) => steps.push(step))
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'ConfigFailure' })
    expect(cause).toContain('nothing was changed')
    expect(steps).toEqual(['prepare', 'abort'])
    expect(await bench.left()).toBe('')
  })
})
