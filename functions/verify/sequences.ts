import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identifier, literal, qualified } from '../archive/copy-text.ts'
import type { Manifest } from '../archive/manifest.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import type { Session } from '../platform/postgres/session.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { run } from '../platform/process/run.ts'
import { useList } from '../restore/selection.ts'
import type { TocEntry } from '../restore/toc.ts'
import type { Findings } from './findings.ts'

export interface SequenceComparison {
  manifest: Manifest
  tools: ClientTools
  env: Record<string, string>
  archive: string
  toc: readonly TocEntry[]
  workDirectory: string
  session: Session
  signal: AbortSignal
}

/** Where a sequence stands; numbers as text, because they may exceed what a JavaScript number holds. */
interface State {
  last: string
  called: boolean
}

interface Restored extends State {
  schema: string
  name: string
  ascending: boolean
}

/**
 * Every sequence exists and stands where schema.dump puts it. A sequence that its own column has overtaken was so in the
 * source when it stands as recorded: that is a note.
 */
export async function compareSequences(options: SequenceComparison, findings: Findings, notes: string[]): Promise<number> {
  const { manifest, session } = options
  const recorded = await recordedStates(options)
  const restored = new Map((await restoredStates(session)).map((state) => [key(state), state]))
  for (const sequence of manifest.sequences) {
    const subject = `sequence ${sequence.schema}.${sequence.name}`
    const is = restored.get(key(sequence))
    const should = recorded.get(key(sequence))
    if (is === undefined) {
      findings.add(subject, 'is missing in the restored database')
      continue
    }
    const beyond = sequence.owner === undefined ? undefined : await overtakenBy(session, is, sequence.owner)
    const behind = beyond === undefined ? '' : `, behind its column, which holds ${beyond}`
    if (should === undefined) {
      findings.add(subject, `has no value in schema.dump${behind}`)
    } else if (is.last !== should.last || is.called !== should.called) {
      findings.add(subject, `does not stand where the backup puts it${behind}`, {
        expected: inWords(should),
        actual: inWords(is),
      })
    } else if (beyond !== undefined) {
      notes.push(`${subject} is behind its column, which holds ${beyond}, as it was in the source`)
    }
  }
  const known = new Set(manifest.sequences.map(key))
  for (const [id, { schema, name }] of restored) {
    if (!known.has(id)) findings.add(`sequence ${schema}.${name}`, 'is in the restored database and not in the backup')
  }
  return manifest.sequences.length
}

function key({ schema, name }: { schema: string; name: string }): string {
  return JSON.stringify([schema, name])
}

function inWords({ last, called }: State): string {
  return called ? last : `${last}, not called`
}

const setCall = /^SELECT pg_catalog\.setval\('((?:[^']|'')*)', (-?\d+), (true|false)\);$/gms

/** What schema.dump sets, by the name that the server makes of pg_dump's spelling. */
async function recordedStates(options: SequenceComparison): Promise<Map<string, State>> {
  const { toc, tools, env, archive, workDirectory, session, signal } = options
  const entries = toc.filter((entry) => entry.type === 'SEQUENCE SET')
  if (entries.length === 0) return new Map()
  const list = join(workDirectory, 'sequences.list')
  await writeFile(list, useList(toc, new Set(entries.map((entry) => entry.dumpId))))
  const { stdout } = await run({
    command: tools.pgRestore,
    args: [`--use-list=${list}`, '--file=-', archive],
    env,
    signal,
    explain: explainToolFailure,
  })
  const calls = [...stdout.matchAll(setCall)].map(([, name = '', last = '', called]) => ({
    name: name.replaceAll("''", "'"),
    last,
    called: called === 'true',
  }))
  const names = await session.query<{ schema: string | null; name: string | null }>(
    `SELECT n.nspname AS schema, c.relname AS name FROM unnest($1::text[]) WITH ORDINALITY AS t(text, place)
      LEFT JOIN pg_class c ON c.oid = to_regclass(t.text) LEFT JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY place`,
    [calls.map((call) => call.name)],
  )
  const states = new Map<string, State>()
  calls.forEach(({ last, called }, index) => {
    const { schema = null, name = null } = names[index] ?? {}
    if (schema !== null && name !== null) states.set(key({ schema, name }), { last, called })
  })
  return states
}

const batch = 200

async function restoredStates(session: Session): Promise<Restored[]> {
  const sequences = await session.query<{ schema: string; name: string; ascending: boolean }>(
    `SELECT n.nspname AS schema, c.relname AS name, s.seqincrement > 0 AS ascending
      FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relpersistence <> 't' AND NOT EXISTS (
        SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2`,
  )
  const states: Restored[] = []
  for (let start = 0; start < sequences.length; start += batch) {
    const part = sequences.slice(start, start + batch)
    const selects = part.map(
      (one, index) => `SELECT ${index} AS place, last_value::text AS last, is_called AS called FROM ${qualified(one)}`,
    )
    const rows = await session.query<State & { place: number }>(`${selects.join(' UNION ALL ')} ORDER BY place`)
    rows.forEach(({ last, called }, index) => {
      const one = part[index]
      if (one !== undefined) states.push({ ...one, last, called })
    })
  }
  return states
}

/** The value of the column that the sequence has not reached yet, when there is one. */
async function overtakenBy(
  session: Session,
  { last, called, ascending }: Restored,
  owner: { schema: string; table: string; column: string },
): Promise<string | undefined> {
  const table = qualified({ schema: owner.schema, name: owner.table })
  const [type] = await session.query<{ integer: boolean }>(
    `SELECT a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) AS integer FROM pg_attribute a
      WHERE a.attrelid = to_regclass($1) AND a.attname = $2`,
    [table, owner.column],
  )
  if (type?.integer !== true) return undefined
  const column = identifier(owner.column)
  const [row] = await session.query<{ far: string | null; beyond: boolean | null }>(
    `SELECT far::text, far ${ascending ? '>' : '<'} ${literal(last)}::numeric OR (far = ${literal(last)}::numeric AND NOT ${called}) AS beyond
      FROM (SELECT ${ascending ? 'max' : 'min'}(${column}) AS far FROM ${table}) t`,
  )
  return row?.beyond === true ? (row.far ?? undefined) : undefined
}
