import { qualified } from '../archive/copy-text.ts'
import { Failure } from '../platform/failure.ts'
import type { Session } from '../platform/postgres/session.ts'
import { exclusiveHoldersSql } from './source-sql.ts'
import { explainVanished } from './vanished.ts'

/** A table to lock. */
export interface LockedTable {
  schema: string
  name: string
  oid: number | string
}

/** Locks tables against change of structure, in batches; when somebody else keeps a table exclusively for too long, the Failure names it and the holder. */
export async function lockTables(session: Session, rows: readonly LockedTable[], waitSeconds: number): Promise<void> {
  await session.query(`SET lock_timeout = ${Math.max(1, Math.round(waitSeconds * 1000))}`)
  const batchSize = 200
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize)
    try {
      await session.query(`LOCK TABLE ONLY ${batch.map(qualified).join(', ONLY ')} IN ACCESS SHARE MODE`)
    } catch (error) {
      const tooLong = error instanceof Failure && error.code === '55P03'
      throw tooLong ? await lockedBy(session, batch, waitSeconds, error) : explainVanished(error)
    }
  }
}

async function lockedBy(
  session: Session,
  batch: readonly LockedTable[],
  waitSeconds: number,
  cause: Failure,
): Promise<Failure> {
  await session.query('ROLLBACK')
  const holders = await session.query<{ oid: string; pid: number }>(exclusiveHoldersSql, [batch.map(({ oid }) => String(oid))])
  const names = holders.map(({ oid, pid }) => {
    const table = batch.find((row) => String(row.oid) === oid)
    return `${table?.schema}.${table?.name} (by process ${pid})`
  })
  return new Failure(
    `a table is locked exclusively for longer than ${waitSeconds} s: ${names.join(', ') || 'released since'}`,
    {
      kind: 'transient',
      subject: names[0] ?? 'lock',
      hint: 'Wait for the migration or VACUUM FULL that holds it, or end that process (pg_stat_activity shows it), then run again.',
      code: '55P03',
      cause,
    },
  )
}
