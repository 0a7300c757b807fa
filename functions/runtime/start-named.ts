import { createHash } from 'node:crypto'
import type { SetAddress } from '../archive/keys.ts'
import { Failure } from '../platform/failure.ts'
import type { ScheduledRun } from './scheduled.ts'

const mostResumes = 9

/**
 * Hands a run over to the state machine under a name that is its own: one that works on it already goes on. A run whose execution
 * has ended before it gets another one, which does what is missing.
 *
 * @param part what there may be several of beside sets and databases: each has a name of its own.
 */
export async function startNamed(
  { database, set }: Pick<SetAddress, 'database' | 'set'>,
  input: object,
  start: NonNullable<ScheduledRun['handOver']>,
  part?: string,
): Promise<void> {
  // Sets of two databases may have one name; a name has 80 characters at most.
  const others = part === undefined ? database : JSON.stringify([database, part])
  const name = `${set}-${createHash('sha256').update(others).digest('hex').slice(0, 8)}`
  for (let time = 1; time <= mostResumes; time += 1) {
    if ((await start(time === 1 ? name : `${name}-${time}`, input)) === 'running') return
  }
  throw new Failure(`the run ${set} was taken up ${mostResumes} times, and never came to its end`, {
    ...{ kind: 'permanent', subject: `run ${set}`, code: 'TooManyResumes' },
    hint: 'See the executions of the state machine, and the log of its function: why each of them ended.',
  })
}
