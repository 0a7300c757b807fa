import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../platform/failure.ts'
import type { Session } from '../platform/postgres/session.ts'
import type { PrimaryFacts, ServerFacts, StandbyFacts, WalReading } from './facts.ts'
import { isAnyBehind } from './senders.ts'
import { primarySql, readingSql, serverSql, sizesSql, standbySql } from './server-sql.ts'

/** What to ask beyond what is always asked. */
export interface ServerQuestions {
  /** Whether to add up the sizes of the server's files, which takes long where there are very many. */
  sizes: boolean
  /** How long to watch a standby that is behind, at most, before it counts as late; never over {@link longestWatchSeconds}. */
  watchSeconds: number
}

/** No poll waits longer than this for a standby to catch up; over it, the polls themselves are the measure. */
export const longestWatchSeconds = 5
const pausesMs = { first: 20, longest: 250 }
const statementTimedOut = '57014'

/** Asks one server, primary or standby. */
export async function readServer(session: Session, questions: ServerQuestions, signal: AbortSignal): Promise<ServerFacts> {
  const facts = await ask<ServerFacts>(session, serverSql)
  const sizes = questions.sizes && facts.seesAll ? await readSizes(session) : {}
  if (facts.inRecovery) return { ...facts, ...sizes, standby: await ask<StandbyFacts>(session, standbySql) }
  const primary = await ask<Omit<PrimaryFacts, 'readings'>>(session, primarySql(session.versionNum))
  const readings = await readUntilClear(session, Math.min(questions.watchSeconds, longestWatchSeconds), signal)
  return { ...facts, ...sizes, primary: { ...primary, readings } }
}

/**
 * Reads where everybody is. A standby that is behind is read again until it has replayed what the primary had at first, or
 * until it has proven to be late: a healthy one takes a few hundredths of a second.
 */
async function readUntilClear(session: Session, watchSeconds: number, signal: AbortSignal): Promise<PrimaryFacts['readings']> {
  const first = await ask<WalReading>(session, readingSql)
  let last = first
  let pauseMs = pausesMs.first
  while (isAnyBehind(first, last) && last.clockMs <= first.clockMs + watchSeconds * 1000) {
    await sleep(pauseMs, undefined, { signal })
    pauseMs = Math.min(pauseMs * 2, pausesMs.longest)
    last = await ask<WalReading>(session, readingSql)
  }
  return last === first ? [first] : [first, last]
}

async function readSizes(session: Session): Promise<Pick<ServerFacts, 'sizes'>> {
  try {
    return { sizes: await ask<NonNullable<ServerFacts['sizes']>>(session, sizesSql) }
  } catch (error) {
    if (error instanceof Failure && error.code === statementTimedOut) return {}
    throw error
  }
}

async function ask<Facts>(session: Session, sql: string): Promise<Facts> {
  const [row] = await session.query<{ facts: Facts }>(sql)
  if (row === undefined) throw new Error('a SELECT without FROM has no row')
  return row.facts
}
