import { type Asl, type State, task } from './tasks.ts'

/** What the state machine of restores by many functions is made from. */
export interface RestoreMachineParts {
  /** The time of the function that does the steps. */
  stepSeconds: number
  /** How many work at the same time; at least 1. */
  workers: number
  /** After which an execution is ended. */
  timeoutSeconds: number
}

/** Of the map over workers, in the ARNs of its child executions. */
export const workersLabel = 'Workers'

const run = { 'database.$': '$.database', 'set.$': '$.set', 'as.$': '$.as' }
const caught = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Abort' }]

/**
 * The state machine of verifications and restores by many functions, in Amazon States Language: what is to be done is planned, done by
 * workers that take it from the plan, and judged at the end, which also finds what a worker left undone. Whatever fails gives the run up.
 */
export function restoreMachineDefinition(parts: RestoreMachineParts): Asl {
  const steps = { name: 'Steps', timeoutSeconds: parts.stepSeconds } as const
  const finish = {
    payload: { step: 'finish', ...run, 'startedMs.$': '$.prepare.startedMs' },
    select: { 'ok.$': '$.Payload.ok', 'outcome.$': '$.Payload' },
    resultPath: '$.finish',
  }
  const abort = { payload: { step: 'abort', ...run, 'error.$': '$.error' }, resultPath: null }
  return {
    Comment: 'One set restored by many functions',
    StartAt: 'Prepare',
    TimeoutSeconds: parts.timeoutSeconds,
    States: {
      ...untilNoMore(
        steps,
        'prepare',
        { 'workers.$': '$.Payload.workers', 'startedMs.$': '$.Payload.startedMs' },
        'Work',
        caught,
      ),
      Work: { ...workers(parts), Catch: caught, Next: 'Finish' },
      Finish: { ...task(steps, finish, { Next: 'Judge' }), Catch: caught },
      Judge: {
        Type: 'Choice',
        Choices: [{ Variable: '$.finish.ok', BooleanEquals: true, Next: 'Well' }],
        Default: 'Unwell',
      },
      Well: { Type: 'Pass', OutputPath: '$.finish.outcome', End: true },
      // The step itself has told of it.
      Unwell: {
        Type: 'Fail',
        Error: 'Unwell',
        Cause: 'The set is not what was backed up, or is not proven: see the outcome of Finish.',
      },
      Abort: task(steps, abort, { Next: 'Failed' }),
      Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
    },
  }
}

/** All workers are the same: each is an execution of its own, with a history of its own, for hours. */
function workers({ stepSeconds, workers: most }: RestoreMachineParts): State {
  const steps = { name: 'Steps', timeoutSeconds: stepSeconds } as const
  return {
    Type: 'Map',
    Label: workersLabel,
    ItemsPath: '$.prepare.workers',
    MaxConcurrency: most,
    ToleratedFailureCount: 0,
    ItemSelector: run,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'CallWork',
      States: {
        ...untilNoMore(steps, 'work', {}, 'WorkDone', undefined),
        WorkDone: { Type: 'Pass', OutputPath: '$.work.done', End: true },
      },
    },
    ResultPath: null,
  }
}

/** Calls a step until there is no more for it to do; it says when to come back. */
function untilNoMore(
  steps: { name: 'Steps'; timeoutSeconds: number },
  step: 'prepare' | 'work',
  selected: Readonly<Record<string, Asl>>,
  after: string,
  onError: typeof caught | undefined,
): Readonly<Record<string, State>> {
  const [call, more, wait] =
    step === 'prepare' ? ['Prepare', 'MoreToPrepare', 'WaitToPrepare'] : ['CallWork', 'MoreWork', 'WaitForWork']
  const called = {
    payload: { step, ...run },
    select: {
      'more.$': '$.Payload.more',
      'waitSeconds.$': '$.Payload.waitSeconds',
      ...(step === 'work' ? { 'done.$': '$.Payload.done' } : {}),
      ...selected,
    },
    resultPath: `$.${step}`,
  }
  return {
    [call]: { ...task(steps, called, { Next: more }), ...(onError && { Catch: onError }) },
    [more]: { Type: 'Choice', Choices: [{ Variable: `$.${step}.more`, BooleanEquals: true, Next: wait }], Default: after },
    [wait]: { Type: 'Wait', SecondsPath: `$.${step}.waitSeconds`, Next: call },
  }
}
