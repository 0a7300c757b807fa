import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from '../../../functions/platform/abort.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { Remote } from './remote.ts'
import { runSql } from './run-sql.ts'

/** A connection that lost its packets for a while tries again at longer and longer intervals, or is given up after a minute. */
const withinMs = 180_000
const pollMs = 1_000

/** Waits until a replica receives from its primary. @throws Failure when it does not in three minutes. */
export async function untilStreaming(remote: Remote, signal: AbortSignal): Promise<void> {
  const { name } = remote.node
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    throwIfAborted(signal, name)
    if ((await runSql(remote, 'SELECT status FROM pg_stat_wal_receiver', { signal })) === 'streaming') return
    await sleep(pollMs)
  }
  throw new Failure(`${name} does not stream from its primary after ${withinMs / 1000} s`, {
    ...{ kind: 'permanent', subject: name },
    hint: 'Look at the journal of PostgreSQL there; `ballast-rejoin --primary ADDRESS` makes it a replica again.',
  })
}
