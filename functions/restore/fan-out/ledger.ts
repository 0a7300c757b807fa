import type { Session } from '../../platform/postgres/session.ts'
import type { PlannedTask } from './restore-tasks.ts'

/**
 * The schema in the target where a restore in steps keeps what is to be done and what is done. A task and its mark in `done` are one
 * transaction: what is marked is there, and is there once, whoever tried and however often. It is gone when the restore is over.
 */
export const ledgerSchema = 'ballast_restore'

/** Advisory locks of ours: on a task whoever works on it, on 0 whoever plans. */
const lockClass = 0x6261_6c73

const createSql = `
CREATE SCHEMA ballast_restore;
CREATE TABLE ballast_restore.run (
  document text NOT NULL, planned boolean NOT NULL DEFAULT false, spoiled boolean NOT NULL DEFAULT false, touched timestamptz NOT NULL);
CREATE TABLE ballast_restore.task (
  id int PRIMARY KEY, pass int NOT NULL, bytes bigint NOT NULL, task text NOT NULL, script bytea);
CREATE TABLE ballast_restore.done (task int PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), result text);
REVOKE ALL ON SCHEMA ballast_restore FROM PUBLIC`

/** A run as it stands in the target. */
export interface Run {
  document: string
  /** All tasks are known. */
  planned: boolean
  /** The set was found damaged or does not restore: nothing more is to be done. */
  spoiled: boolean
  /** Since a step was last at work on it. */
  idleSeconds: number
}

/** A task that is to be done, and for psql the statements that do it, where they are known beforehand. */
export interface NewTask<T> extends PlannedTask<T> {
  script?: Uint8Array
}

/** A task that this session works on alone, as long as it lives. */
export interface ClaimedTask<T> {
  id: number
  pass: number
  task: T
}

/** What there is to do: a task; something, later, when others are done; something, in a fresh call; nothing any more. */
export type Claim<T> = ClaimedTask<T> | 'wait' | 'later' | 'over'

/** Makes the ledger of a run in a database that has none. */
export async function makeLedger(session: Session, document: unknown): Promise<void> {
  await inTransaction(session, async () => {
    await session.query(createSql)
    await session.query('INSERT INTO ballast_restore.run (document, touched) VALUES ($1, now())', [json(document)])
  })
}

/** The run of the ledger; undefined where there is no ledger. */
export async function readRun(session: Session): Promise<Run | undefined> {
  const [there] = await session.query<{ there: boolean }>(`SELECT to_regclass('ballast_restore.run') IS NOT NULL AS there`)
  if (there?.there !== true) return undefined
  const [run] = await session.query<Run>(
    `SELECT document, planned, spoiled, extract(epoch FROM now() - touched)::int AS "idleSeconds" FROM ballast_restore.run`,
  )
  return run
}

/** Puts the plan into the ledger, all of it or nothing; one that is there already stays. */
export async function writePlan(session: Session, tasks: readonly NewTask<unknown>[]): Promise<void> {
  await whilePlanning(session, async () => {
    if ((await readRun(session))?.planned === true) return
    await addTasks(session, tasks, 1)
    await session.query('UPDATE ballast_restore.run SET planned = true, touched = now()')
  })
}

/** The statements of a task. */
export async function readScript(session: Session, id: number): Promise<Uint8Array> {
  const [row] = await session.query<{ script: string }>(
    `SELECT encode(script, 'base64') AS script FROM ballast_restore.task WHERE id = $1`,
    [id],
  )
  if (row?.script === undefined) throw new Error(`task ${id} has no script`)
  return Buffer.from(row.script, 'base64')
}

/**
 * Takes a task that nobody works on; a session that ends lets go of it. Only a hint that spares work: what makes a task happen once
 * is its mark.
 *
 * @param fits whether a task of so many bytes may be begun now.
 */
export async function claimTask<T>(session: Session, fits: (bytes: number) => boolean): Promise<Claim<T>> {
  for (;;) {
    const candidates = await session.query<{ id: number; pass: number; bytes: string; taken: boolean }>(openSql)
    const run = await readRun(session)
    if (candidates.length === 0 || run === undefined || run.spoiled) return 'over'
    const free = candidates.filter(({ taken }) => !taken)
    if (free.length === 0) return 'wait'
    let tooLarge = false
    for (const { id, pass, bytes } of free) {
      if (!fits(Number(bytes))) {
        tooLarge = true
        continue
      }
      if (!(await lockTask(session, id))) continue
      if (!(await isDone(session, id))) return { id, pass, task: await readTask<T>(session, id) }
      await releaseTask(session, id)
    }
    if (tooLarge) return 'later'
  }
}

/** The first tasks of the first pass that has any left. */
const openSql = `
SELECT t.id, t.pass, t.bytes::text AS bytes, EXISTS (
    SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = ${lockClass} AND l.objid = t.id::oid
      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS taken
FROM ballast_restore.task t
WHERE NOT EXISTS (SELECT FROM ballast_restore.done d WHERE d.task = t.id)
  AND t.pass = (SELECT min(o.pass) FROM ballast_restore.task o WHERE NOT EXISTS (SELECT FROM ballast_restore.done d WHERE d.task = o.id))
ORDER BY t.id LIMIT 100`

async function readTask<T>(session: Session, id: number): Promise<T> {
  const [row] = await session.query<{ task: string }>('SELECT task FROM ballast_restore.task WHERE id = $1', [id])
  return JSON.parse(row?.task ?? '') as T
}

async function lockTask(session: Session, id: number): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS locked', [lockClass, id])
  return row?.locked === true
}

export async function releaseTask(session: Session, id: number): Promise<void> {
  await session.query('SELECT pg_advisory_unlock($1, $2)', [lockClass, id])
}

/** Whether a task is done, and visible to all. */
export async function isDone(session: Session, id: number): Promise<boolean> {
  return (await session.query('SELECT FROM ballast_restore.done WHERE task = $1', [id])).length > 0
}

/**
 * Does a task and marks it in one transaction of this session. Of two that try, the second waits at the mark for the first, and does
 * nothing when that one has committed.
 *
 * @param work may return a result to keep, and tasks that follow from it.
 */
export async function doOnce<R>(
  session: Session,
  id: number,
  work: () => Promise<{ result?: R; next?: readonly NewTask<unknown>[] }>,
): Promise<void> {
  await inTransaction(session, async () => {
    const marked = await session.query(
      'INSERT INTO ballast_restore.done (task) VALUES ($1) ON CONFLICT DO NOTHING RETURNING task',
      [id],
    )
    if (marked.length === 0) return
    const { result, next = [] } = await work()
    if (result !== undefined)
      await session.query('UPDATE ballast_restore.done SET result = $2 WHERE task = $1', [id, json(result)])
    const [last] = await session.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM ballast_restore.task')
    if (next.length > 0) await addTasks(session, next, (last?.id ?? 0) + 1)
  })
}

/** The statement that marks a task, for a script of psql: it fails when the task is done, and the transaction with it. */
export function markStatement(id: number): string {
  return `INSERT INTO ballast_restore.done (task) VALUES (${id});\n`
}

/** Nothing more is to be done: keeps the result of the task that found out, in place of what it should have done. */
export async function spoil(session: Session, id: number, result: unknown): Promise<void> {
  await doOnce(session, id, async () => {
    await session.query('UPDATE ballast_restore.run SET spoiled = true')
    return { result }
  })
}

/** Says that a step is at work. */
export async function touchRun(session: Session): Promise<void> {
  await session.query('UPDATE ballast_restore.run SET touched = now()')
}

/** A task of the plan and what came of it. */
export interface LedgerLine<T, R> {
  id: number
  pass: number
  task: T
  /** Milliseconds since the epoch; undefined when it is not done. */
  doneMs: number | undefined
  result: R | undefined
}

/** All of the ledger, in the order of the plan. */
export async function readLedger<T, R>(session: Session): Promise<LedgerLine<T, R>[]> {
  const rows = await session.query<{ id: number; pass: number; task: string; doneMs: string | null; result: string | null }>(
    `SELECT t.id, t.pass, t.task, round(extract(epoch FROM d.at) * 1000)::bigint::text AS "doneMs", d.result
      FROM ballast_restore.task t LEFT JOIN ballast_restore.done d ON d.task = t.id ORDER BY t.id`,
  )
  return rows.map(({ id, pass, task, doneMs, result }) => ({
    ...{ id, pass, task: JSON.parse(task) as T },
    doneMs: doneMs === null ? undefined : Number(doneMs),
    result: result === null ? undefined : (JSON.parse(result) as R),
  }))
}

/** In ASCII alone: the database may have an encoding that knows no other character of it. */
function json(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Numbers of tasks that one statement adds. */
const addedAtOnce = 200

async function addTasks(session: Session, tasks: readonly NewTask<unknown>[], first: number): Promise<void> {
  for (let start = 0; start < tasks.length; start += addedAtOnce) {
    const part = tasks.slice(start, start + addedAtOnce)
    await session.query(
      `INSERT INTO ballast_restore.task (id, pass, bytes, task, script)
        SELECT id, pass, bytes, task, decode(script, 'base64')
        FROM unnest($1::int[], $2::int[], $3::bigint[], $4::text[], $5::text[]) AS t(id, pass, bytes, task, script)`,
      [
        part.map((_, index) => first + start + index),
        part.map(({ pass }) => pass),
        part.map(({ bytes }) => bytes),
        part.map(({ task }) => json(task)),
        part.map(({ script }) => (script === undefined ? null : Buffer.from(script).toString('base64'))),
      ],
    )
  }
}

/** One at a time plans: the others wait for it. */
async function whilePlanning(session: Session, work: () => Promise<void>): Promise<void> {
  await inTransaction(session, async () => {
    await session.query('SELECT pg_advisory_xact_lock($1, 0)', [lockClass])
    await work()
  })
}

async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
  await session.query('BEGIN')
  try {
    await work()
  } catch (error) {
    await session.query('ROLLBACK').catch(() => undefined)
    throw error
  }
  await session.query('COMMIT')
}
