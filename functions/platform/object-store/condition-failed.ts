import { Failure } from '../failure.ts'

/** Whether a conditional write was refused: the key is taken, or the object has changed since it was read. */
export function conditionFailed(error: unknown): boolean {
  return error instanceof Failure && error.code === 'PreconditionFailed'
}
