import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ClusterInput, defineCluster, secret } from '../../../config/index.ts'
import { checkMachine } from '../../../serverless/check-machine.ts'
import { renderServices } from '../../../serverless/render.ts'
import { type MachineParts, machineDefinition } from '../../../serverless/state-machine/definition.ts'
import { restoreMachineDefinition } from '../../../serverless/state-machine/restore-definition.ts'
import { sample } from '../config/sample.ts'

const parts: MachineParts = { stepSeconds: 900, removalSeconds: 600, workers: 4, timeoutSeconds: 44_100 }
const definition = machineDefinition(parts)

interface State {
  Type: string
  [key: string]: unknown
}

/** Every state, also those of branches and of maps, by name. */
function statesOf(value: unknown): [string, State][] {
  if (typeof value !== 'object' || value === null) return []
  const { States, ...others } = value as { States?: Record<string, State> }
  const own = Object.entries(States ?? {}).flatMap(([name, state]): [string, State][] => [[name, state], ...statesOf(state)])
  return [...own, ...Object.values(others).flatMap(statesOf)]
}

const state = (name: string): State => Object.fromEntries(statesOf(definition))[name] ?? { Type: 'none' }

function render(changed: Partial<ClusterInput['backup']>, store: object = {}) {
  const input = structuredClone(sample) as unknown as ClusterInput
  const main = { type: 's3' as const, name: 'main', bucket: 'shop-backups', ...store }
  const backup = { ...input.backup, stores: [main], ...changed }
  const cluster = defineCluster({ ...input, region: 'sa-east-1', allowedRegions: ['sa-east-1', 'us-east-1'], backup })
  const { files, functions, noFanOut } = renderServices(cluster, 'ballast.config.ts')
  const { Resources } = parse(files[0]?.text ?? '').resources as { Resources: Record<string, { Properties: object }> }
  return { text: files[0]?.text ?? '', functions: functions.map(({ operation }) => operation), noFanOut, Resources }
}

/** The actions that a role allows, in order. */
function actionsOf(role: { Properties: object } | undefined): string[] {
  const { Policies } = (role?.Properties ?? {}) as {
    Policies: { PolicyDocument: { Statement: { Effect: string; Action: string[] }[] } }[]
  }
  const statements = Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
  return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action)
}

describe('the state machine of fanned-out backups', () => {
  it('is one that Step Functions takes; one with a transition to nowhere is refused', () => {
    expect(() => checkMachine(definition)).not.toThrow()
    const broken = JSON.parse(JSON.stringify(definition).replace('"Next":"Abort"', '"Next":"Nowhere"'))
    expect(() => checkMachine(broken)).toThrow('Nowhere')
  })

  it('has names that are those of one state each', () => {
    const names = statesOf(definition).map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('calls each step as its function takes it, and tries every call again but for what lasts', () => {
    const tasks = statesOf(definition).filter(([, { Type }]) => Type === 'Task')
    const steps = tasks.map(([, { Parameters }]) => (Parameters as { Payload: { step?: string } }).Payload.step ?? 'remove')
    expect(steps.sort()).toEqual(['abort', 'await-plan', 'copy', 'describe', 'finish', 'hold', 'hold', 'remove'])
    for (const [name, { Retry, TimeoutSeconds }] of tasks) {
      expect(Retry, name).toEqual([
        { ErrorEquals: ['ConfigFailure', 'PermanentFailure', 'Bug'], MaxAttempts: 0 },
        { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 4 },
      ])
      expect(TimeoutSeconds, name).toBe(name === 'Remove' ? 600 : 900)
    }
  })

  it('copies as many batches at a time as there are connections for, and lets none fail', () => {
    expect(state('CopyBatches')).toMatchObject({
      ...{ Type: 'Map', MaxConcurrency: 4, ToleratedFailureCount: 0, ResultPath: null },
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
    })
    // Thousands of answers would be more than a state may pass on.
    expect(state('CopyBatch').ResultSelector).toEqual({})
  })

  it('ends within what a holder is given and one call more', () => {
    expect(definition).toMatchObject({ TimeoutSeconds: 44_100 })
  })
})

describe('the state machine of restores by many functions', () => {
  const restoring = restoreMachineDefinition({ stepSeconds: 900, workers: 4, timeoutSeconds: 44_100 })
  const found = Object.fromEntries(statesOf(restoring))

  it('is one that Step Functions takes, with names that are those of one state each', () => {
    expect(() => checkMachine(restoring)).not.toThrow()
    const names = statesOf(restoring).map(([name]) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('calls each step as its function takes it, again while it has more to do, and gives up whatever fails', () => {
    const tasks = Object.entries(found).filter(([, { Type }]) => Type === 'Task')
    const payloads = tasks.map(([, { Parameters }]) => (Parameters as { Payload: Record<string, string> }).Payload)
    expect(payloads.map(({ step }) => step).sort()).toEqual(['abort', 'finish', 'prepare', 'work'])
    for (const { step, ...payload } of payloads) {
      const keys = Object.keys(payload).map((key) => key.replace(/\.\$$/, ''))
      const more = { finish: ['startedMs'], abort: ['error'] }[step ?? ''] ?? []
      expect(keys, step).toEqual(['database', 'set', 'as', ...more])
    }
    for (const name of ['Prepare', 'Work', 'Finish'])
      expect(found[name]?.Catch, name).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Abort' }])
    expect(found.Work).toMatchObject({ MaxConcurrency: 4, ToleratedFailureCount: 0, ItemsPath: '$.prepare.workers' })
  })

  it('ends well only when the last step found all well', () => {
    expect(found.Judge).toMatchObject({
      Default: 'Unwell',
      Choices: [{ Variable: '$.finish.ok', BooleanEquals: true, Next: 'Well' }],
    })
    expect(found.Unwell?.Type).toBe('Fail')
  })
})

describe('a definition whose backups run as functions', () => {
  it('gets the machine, its steps with room for all of them, and the way from the function backup to it', () => {
    const { Resources, text, functions, noFanOut } = render({ fanOut: { connections: 10 }, limits: { duration: '2 hours' } })
    expect(noFanOut).toBeUndefined()
    expect(functions).toContain('fan-out')
    expect(Resources.FanOutMachine?.Properties).toMatchObject({
      DefinitionString: expect.stringContaining(`"TimeoutSeconds": ${2 * 3600 + 900},`),
      DefinitionSubstitutions: { Steps: { 'Fn::GetAtt': ['FanDashoutLambdaFunction', 'Arn'] } },
      LoggingConfiguration: { Level: 'ERROR' },
      EncryptionConfiguration: { Type: 'CUSTOMER_MANAGED_KMS_KEY', KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
    })
    const service = parse(text).functions
    expect(service['fan-out']).toMatchObject({ timeout: 900, reservedConcurrency: 11 })
    expect(service['fan-out']).not.toHaveProperty('destinations')
    expect(service.backup).toMatchObject({
      ...{ reservedConcurrency: 1, environment: { BALLAST_FAN_OUT_MACHINE: { Ref: 'FanOutMachine' } } },
    })
    const alarms = Object.keys(Resources).filter((id) => id.startsWith('FanOut') && id.endsWith('Alarm'))
    expect(alarms).toEqual(['FanOutFailedAlarm', 'FanOutTimedOutAlarm', 'FanOutAbortedAlarm', 'FanOutThrottledAlarm'])
  })

  it('gets the machine of restores where it names a server for them, and the way from the function verify to it', () => {
    const { Resources, text, functions } = render({ fanOut: { connections: 10 }, verify: { into: secret('verify/server') } })
    expect(functions).toContain('fan-restore')
    expect(Resources.FanRestoreMachine?.Properties).toMatchObject({
      StateMachineName: expect.stringMatching(/-fan-restore$/),
      DefinitionSubstitutions: {
        Steps: { 'Fn::GetAtt': ['FanDashrestoreLambdaFunction', 'Arn'] },
        Invoke: expect.anything(),
      },
    })
    expect(Resources.FanRestoreMachine?.Properties).not.toHaveProperty('DefinitionSubstitutions.Removal')
    const service = parse(text).functions
    expect(service['fan-restore']).toMatchObject({ timeout: 900, reservedConcurrency: 7, role: 'FanRestoreRole' })
    expect(service['fan-restore'].ephemeralStorageSize).toBe(service.verify.ephemeralStorageSize)
    expect(service.verify).toMatchObject({ environment: { BALLAST_FAN_VERIFY_MACHINE: { Ref: 'FanRestoreMachine' } } })
    const alarms = Object.keys(Resources).filter((id) => id.startsWith('FanRestore') && id.endsWith('Alarm'))
    expect(alarms).toHaveLength(4)
    expect(actionsOf(Resources.FanRestoreMachineRole)).toEqual(
      expect.arrayContaining(['lambda:InvokeFunction', 'states:StartExecution', 'states:StopExecution']),
    )
    expect(JSON.stringify(Resources.FanRestoreMachineRole)).toContain('FanDashrestoreLambdaFunction')
    expect(JSON.stringify(Resources.FanRestoreMachineRole)).not.toMatch(/s3:|RetentionLambda|FanDashout/)
    // A step may do what verification may, but for starting the machine and telling of failures by Lambda itself.
    const own = new Set(actionsOf(Resources.FanRestoreRole))
    const whole = actionsOf(Resources.VerifyRole).filter((action) => action !== 'states:StartExecution')
    expect([...own].filter((action) => !whole.includes(action))).toEqual([])
    expect([...own]).not.toContain('s3:DeleteObject')
    const without = render({ fanOut: { connections: 10 } })
    expect(without.functions).not.toContain('fan-restore')
    expect(Object.keys(without.Resources).filter((id) => id.startsWith('FanRestore'))).toEqual([])
    expect(without.text).not.toContain('BALLAST_FAN_VERIFY_MACHINE')
  })

  const keys = { accessKeyId: secret('a'), secretAccessKey: secret('b') }
  it.each<[string, Partial<ClusterInput['backup']>, object, RegExp]>([
    ['is not on Amazon', {}, { endpoint: 'https://nyc3.digitaloceanspaces.com', credentials: keys }, /'main' is elsewhere/],
    ['has credentials of its own', {}, { credentials: keys }, /'main' is elsewhere or has credentials/],
    ['is in another region', {}, { region: 'us-east-1' }, /in its own region \(sa-east-1\), and 'main' is in us-east-1/],
    ['is not reached, for too few connections', { fanOut: { connections: 4 } }, {}, /connections is 4, .* at least 5/],
  ])('gets none where the first store %s, and is told why', (_, changed, store, reason) => {
    const { Resources, text, functions, noFanOut } = render(changed, store)
    expect(noFanOut).toMatch(reason)
    expect(functions).not.toContain('fan-out')
    expect(Object.keys(Resources).filter((id) => id.startsWith('FanOut'))).toEqual([])
    expect(text).not.toContain('states')
    expect(text).not.toContain('BALLAST_FAN_OUT_MACHINE')
  })
})
