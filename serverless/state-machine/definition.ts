import { known } from './known-when-deployed.ts'
import { type Asl, type State, task } from './tasks.ts'

/** What a state machine of fanned-out backups is made from. */
export interface MachineParts {
  /** The time of the function that does the steps. */
  stepSeconds: number
  /** That of the function that may delete. */
  removalSeconds: number
  /** How many batches are copied at the same time; at least 1. */
  workers: number
  /** After which an execution is ended. */
  timeoutSeconds: number
}

/** Of the map over batches, in the ARNs of its child executions. */
export const mapLabel = 'Batches'

const run = { 'database.$': '$.database', 'set.$': '$.set' }

/**
 * The state machine of fanned-out backups, in Amazon States Language: two holders that take turns, and beside them the plan, all batches
 * and the description, and the end, which reconciles what was planned with what is stored. Whatever fails gives the run up.
 */
export function machineDefinition(parts: MachineParts): Asl {
  return {
    Comment: 'One consistent backup by many functions',
    StartAt: 'Run',
    TimeoutSeconds: parts.timeoutSeconds,
    States: {
      Run: {
        Type: 'Parallel',
        Branches: [holder(parts, 'A'), holder(parts, 'B'), work(parts)],
        // What the last branch ends with is the outcome.
        OutputPath: '$[2]',
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Abort' }],
        End: true,
      },
      ...ending(parts),
    },
  }
}

/** Calls the step `hold` until there is nothing more to hold; it says when to come back. */
function holder({ stepSeconds }: MachineParts, name: string): Asl {
  const [hold, more, wait, held] = [`Hold${name}`, `More${name}`, `Wait${name}`, `Held${name}`]
  return {
    StartAt: hold,
    States: {
      [hold]: task(
        { name: 'Steps', timeoutSeconds: stepSeconds },
        {
          payload: { step: 'hold', ...run },
          select: { 'more.$': '$.Payload.more', 'waitSeconds.$': '$.Payload.waitSeconds' },
          resultPath: '$.hold',
        },
        { Next: more },
      ),
      [more]: { Type: 'Choice', Choices: [{ Variable: '$.hold.more', BooleanEquals: true, Next: wait }], Default: held },
      [wait]: { Type: 'Wait', SecondsPath: '$.hold.waitSeconds', Next: hold },
      [held]: { Type: 'Succeed' },
    },
  }
}

function work(parts: MachineParts): Asl {
  const steps = { name: 'Steps', timeoutSeconds: parts.stepSeconds } as const
  const planned = {
    payload: { step: 'await-plan', ...run },
    select: { 'items.$': '$.Payload.items', 'count.$': '$.Payload.count' },
    resultPath: '$.plan',
  }
  return {
    StartAt: 'AwaitPlan',
    States: {
      AwaitPlan: task(steps, planned, { Next: 'Copy' }),
      Copy: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'AnyBatches',
            States: {
              // A run that is taken up again may have described last, and copied all before.
              AnyBatches: {
                Type: 'Choice',
                Choices: [{ Variable: '$.plan.count', NumericGreaterThan: 0, Next: 'CopyBatches' }],
                Default: 'NoBatches',
              },
              CopyBatches: batches(parts),
              NoBatches: { Type: 'Succeed' },
            },
          },
          {
            StartAt: 'Describe',
            States: { Describe: task(steps, { payload: { step: 'describe', ...run }, resultPath: null }, { End: true }) },
          },
        ],
        ResultPath: null,
        Next: 'Finish',
      },
      Finish: { ...task(steps, { payload: { step: 'finish', ...run } }, { End: true }), OutputPath: '$.Payload' },
    },
  }
}

/** Each batch is an execution of its own, with a history of its own; what they answer is left out, for thousands would be too much. */
function batches({ stepSeconds, workers }: MachineParts): State {
  const payload = { step: 'copy', ...run, 'batch.$': '$.batch' }
  return {
    Type: 'Map',
    Label: mapLabel,
    MaxConcurrency: workers,
    ToleratedFailureCount: 0,
    ItemReader: {
      Resource: known('GetObject'),
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { 'Bucket.$': '$.plan.items.bucket', 'Key.$': '$.plan.items.key' },
    },
    ItemSelector: { ...run, 'batch.$': '$$.Map.Item.Value.batch' },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'CopyBatch',
      States: { CopyBatch: task({ name: 'Steps', timeoutSeconds: stepSeconds }, { payload, select: {} }, { End: true }) },
    },
    ResultPath: null,
    End: true,
  }
}

/** How a run ends that failed: its set exists after all, or it is given up, and what it stored is removed where that is safe. */
function ending({ stepSeconds, removalSeconds }: MachineParts): Readonly<Record<string, State>> {
  const abort = {
    payload: { step: 'abort', ...run, 'error.$': '$.error' },
    select: { 'published.$': '$.Payload.published', 'remove.$': '$.Payload.remove' },
    resultPath: '$.abort',
  }
  return {
    Abort: task({ name: 'Steps', timeoutSeconds: stepSeconds }, abort, { Next: 'GivenUp' }),
    GivenUp: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.abort.published', BooleanEquals: true, Next: 'Published' },
        { Variable: '$.abort.remove', BooleanEquals: true, Next: 'Remove' },
      ],
      Default: 'Failed',
    },
    Published: { Type: 'Succeed' },
    Remove: {
      ...task(
        { name: 'Removal', timeoutSeconds: removalSeconds },
        { payload: { remove: run }, resultPath: null },
        { Next: 'Failed' },
      ),
      // The sweep of `retention` removes it later; what is told is why the run failed.
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.removal', Next: 'Failed' }],
    },
    Failed: { Type: 'Fail', ErrorPath: '$.error.Error', CausePath: '$.error.Cause' },
  }
}
