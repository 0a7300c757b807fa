import { identifier } from '../../archive/copy-text.ts'
import type { Session } from '../../platform/postgres/session.ts'
import { ledgerSchema } from '../../restore/fan-out/ledger.ts'
import type { PlannedTask } from '../../restore/fan-out/restore-tasks.ts'
import type { CompareTask } from './run-tasks.ts'

/** A table, whose TOAST table goes with it, or a B-tree index. */
export interface WalkedRelation {
  schema: string
  name: string
  kind: 'table' | 'index'
  bytes: number
  /** Counts among the set's indexes; those of TOAST tables do not. */
  counted: boolean
}

/** In one call of pg_amcheck: its options must fit into a command line, and its time into that of a function. */
const mostRelations = 200
const mostBytes = 1024 * 1024 * 1024

/** All that pg_amcheck would walk by itself: everything but the system's catalogue. */
export async function readWalked(session: Session): Promise<WalkedRelation[]> {
  const rows = await session.query<Omit<WalkedRelation, 'bytes'> & { bytes: string }>(
    `SELECT n.nspname AS schema, c.relname AS name, CASE c.relkind WHEN 'i' THEN 'index' ELSE 'table' END AS kind,
        pg_relation_size(c.oid)::text AS bytes, c.relkind = 'i' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AS counted
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
      WHERE ((c.relkind IN ('r', 'm') AND a.amname = 'heap') OR (c.relkind = 'i' AND a.amname = 'btree'))
        AND c.relpersistence <> 't' AND n.nspname NOT IN ('pg_catalog', $1)
        AND NOT EXISTS (SELECT FROM pg_index i JOIN pg_class t ON t.reltoastrelid = i.indrelid JOIN pg_namespace o ON o.oid = t.relnamespace
          WHERE i.indexrelid = c.oid AND o.nspname IN ('pg_catalog', $1))
      ORDER BY pg_relation_size(c.oid) DESC, c.oid`,
    [ledgerSchema],
  )
  return rows.map(({ bytes, ...relation }) => ({ ...relation, bytes: Number(bytes) }))
}

/** Cuts the walk into tasks: what is large stands alone, a table apart from each of its indexes. */
export function planWalks(relations: readonly WalkedRelation[], pass: number): PlannedTask<CompareTask>[] {
  const tasks: PlannedTask<CompareTask>[] = []
  let group: WalkedRelation[] = []
  let groupBytes = 0
  const end = (): void => {
    if (group.length === 0) return
    const indexes = group.filter(({ counted }) => counted).length
    // Inside quotes nothing in a pattern means anything but itself. The heap of a table includes that of its TOAST table.
    const options = [
      '--no-dependent-indexes',
      ...group.map(({ kind, schema, name }) => `--${kind}=${identifier(schema)}.${identifier(name)}`),
    ]
    tasks.push({ pass, bytes: groupBytes, task: { type: 'walk indexes', indexes, options } })
    group = []
    groupBytes = 0
  }
  for (const relation of relations) {
    if (group.length >= mostRelations || (group.length > 0 && groupBytes + relation.bytes > mostBytes)) end()
    group.push(relation)
    groupBytes += relation.bytes
  }
  end()
  return tasks
}
