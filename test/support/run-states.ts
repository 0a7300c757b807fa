import type { RunState } from '../../functions/archive/run-state.ts'

/** A run that nobody has begun, and what its holders bring along. */
export const opening: RunState = {
  ...{ format: 1, state: 'opening', slot: 'daily', dueMs: 0, startedMs: 0, generation: 0, renewals: 0, renewMs: 1000 },
}
export const snapshot = (id: string) => ({ id, view: '10:10:', lsn: '0/1', virtualXid: '3/4' })
export const server = { host: 'db', port: 5432, startedAt: '1' }
/** Why one was given up. */
export const ended = { kind: 'permanent', message: 'gone', hint: 'look' } as const
