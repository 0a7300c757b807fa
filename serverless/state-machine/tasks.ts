import { known } from './known-when-deployed.ts'

/** Amazon States Language: plain data, as JSON knows it. A template of CloudFormation cannot say `null`, and holds it as a text. */
export type Asl = string | number | boolean | null | readonly Asl[] | { readonly [key: string]: Asl | undefined }

/** A state of a state machine. */
export type State = { readonly Type: string; readonly [key: string]: Asl | undefined }

/** A function that is called. */
export interface Callee {
  name: 'Steps' | 'Removal'
  /** After which there is no answer any more. */
  timeoutSeconds: number
}

/** What a call tells the function, and what becomes of its answer. */
export interface Call {
  payload: Asl
  /** Fields of the state's result, from the answer under `$.Payload`. */
  select?: Readonly<Record<string, Asl>>
  /** Where the result goes in the state's input; `null` for nowhere. */
  resultPath?: string | null
}

/** Failures that would only happen again; their names are those of the functions' own kinds. */
const lasting = ['ConfigFailure', 'PermanentFailure', 'Bug']

/**
 * Every step may be called again, and side by side with itself: what is not known to last is tried again, be it throttled, killed or
 * out of time, or a failure of Lambda itself. A run whose snapshot is gone fails in a way that lasts.
 */
const retry = [
  { ErrorEquals: lasting, MaxAttempts: 0 },
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 4 },
]

/** A state that calls a function. */
export function task({ name, timeoutSeconds }: Callee, { payload, select, resultPath }: Call, after: Next): State {
  return {
    Type: 'Task',
    Resource: known('Invoke'),
    Parameters: { FunctionName: known(name), Payload: payload },
    TimeoutSeconds: timeoutSeconds,
    Retry: retry,
    ...(select === undefined ? {} : { ResultSelector: select }),
    ...(resultPath === undefined ? {} : { ResultPath: resultPath }),
    ...after,
  }
}

/** What comes after a state. */
export type Next = { readonly Next: string } | { readonly End: true }
