import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { identifier, qualified } from '../../../functions/archive/copy-text.ts'
import type { SourceTable } from '../../../functions/backup/source-tables.ts'
import { schemaDumpArguments } from '../../../functions/backup/stock-dump.ts'
import { type ClientTools, findClientTools } from '../../../functions/platform/postgres/client-tools.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { sessionEnvironment } from '../../../sandbox/psql.ts'
import { useSandbox } from '../../support/sandbox.ts'
import { sampleSourceTable } from '../../support/source-tables.ts'

/** Names that mean something in a pattern, an argument, a regular expression or to a shell; each pair differs only in that. */
const names = [
  ...['plain', 'Plain', 'PLAIN', 'pla.n', 'pla*n', 'pla?n', 'plai', 'plainx', 'plain|x', 'x'],
  ...['a.b', 'a', 'b', 'a$b', '$', 'a\\b', 'a\\\\b', '\\d', 'a|b', '(a|b)', '(', ')', '[a-b]', '[', '{1}', 'a+', 'a*', '^a$'],
  ...['quo"te', '"', '""', '"quoted"', "quo'te", 'semi;colon', 'com,ma', '--comment', '-t', '--exclude-table-data=x'],
  ...[' space', 'space ', ' ', 'two\nlines', 'tab\tbed', 'carriage\rreturn', '***:plain', '(?i)plain', '***=plain'],
  ...[
    'a\u00e7\u00e3o',
    'A\u00c7\u00c3O',
    'ac\u0327a\u0303o',
    '数据库',
    '🐘',
    'ß',
    'ẞ',
    'İ',
    'i',
    'ı',
    '`cmd`',
    '$(cmd)',
    '%s',
    '%',
    'select',
    'public',
  ],
]
const schemas = ['public', 'Public', 'odd.schema', 'odd"schema', 'o|dd', 'two\nlines', 'a', '🐘 (x)*']
const longest = `${'"'.repeat(30)}${'x'.repeat(33)}`

const sandbox = useSandbox()
const database = 'exclusions'
let tools: ClientTools
let everyTable: SourceTable[]

beforeAll(async () => {
  tools = await findClientTools(14, process.env)
  await sandbox.createDatabase(database)
  const pairs = schemas.flatMap((schema) => [...names, longest].map((name) => ({ schema, name })))
  everyTable = pairs.map((pair, index) => sampleSourceTable({ ...pair, oid: index + 1 }))
  const create = [
    ...schemas.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${identifier(schema)};`),
    ...everyTable.map(
      (table) => `CREATE TABLE ${qualified(table)} (id int); INSERT INTO ${qualified(table)} VALUES (${table.oid});`,
    ),
  ]
  await sandbox.psql(sandbox.primary.adminUrl(database), create.join('\n'))
})

/** The tables whose rows a dump with these arguments holds: each has one row, which is its number. */
async function dumpedTables(args: readonly string[]): Promise<number[]> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-exclusions-'))
  try {
    const archive = join(directory, 'schema.dump')
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', ...sessionEnvironment(sandbox.primary.adminUrl(database)) }
    await run({ command: tools.pgDump, args: [...args, `--file=${archive}`], env, timeoutMs: 120_000 })
    const restore = { command: tools.pgRestore, args: ['--data-only', '--file=-', archive], env, timeoutMs: 120_000 }
    const { stdout } = await run(restore)
    return [...stdout.matchAll(/ FROM stdin;\n(\d+)\n\\\.$/gm)].map(([, oid]) => Number(oid)).sort((a, b) => a - b)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

const oids = (tables: readonly SourceTable[]): number[] => tables.map(({ oid }) => oid)

/** Without the snapshot, which only a running backup has. */
const argumentsFor = (tables: readonly SourceTable[]): string[] =>
  schemaDumpArguments({ database, snapshot: 'unused', tables, lockWaitSeconds: 30 }).filter(
    (argument) => !argument.startsWith('--snapshot='),
  )

test('without exclusions every table is dumped, so that the test can see one missing', async () => {
  expect(await dumpedTables(argumentsFor([]))).toEqual(oids(everyTable))
})

test('the rows of every table with a strange name can be left out', async () => {
  expect(await dumpedTables(argumentsFor(everyTable))).toEqual([])
})

test('what is left to pg_dump is dumped, and nothing beside it, whatever its neighbours are called', async () => {
  for (const parity of [0, 1]) {
    const kept = everyTable.filter((_, index) => index % 2 === parity)
    const asPlanned = everyTable.map((table) => (kept.includes(table) ? { ...table, leftToPgDump: 'a reason' } : table))
    expect(await dumpedTables(argumentsFor(asPlanned))).toEqual(oids(kept))
  }
})

test('the names of hundreds of tables fit', async () => {
  const many = Array.from({ length: 401 }, (_, index) => sampleSourceTable({ schema: 'many', name: `t"${index}` }))
  const create = many.map((table) => `CREATE TABLE ${qualified(table)} (id int);`)
  await sandbox.psql(sandbox.primary.adminUrl(database), ['CREATE SCHEMA many;', ...create].join('\n'))
  expect(await dumpedTables(argumentsFor([...everyTable, ...many]))).toEqual([])
})
