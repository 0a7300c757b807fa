import { createInterface } from 'node:readline'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import { databaseArgument } from '../platform/postgres/tool-environment.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { start } from '../platform/process/start.ts'
import type { Findings } from './findings.ts'
import { BlockComparison, BlockReader, firstDifference, type SchemaBlock } from './schema-blocks.ts'

export interface SchemaComparison {
  tools: ClientTools
  env: Record<string, string>
  /** Path of the set's schema.dump. */
  archive: string
  /** The restored database. */
  database: string
  /**
   * Makes a database from the set's schema alone, without rows, and returns its name: some definitions are written
   * otherwise once they were dumped and restored (`IN` lists of varchar columns, inherited columns).
   */
  restoreSchema: () => Promise<string>
  /** The same version of pg_dump wrote both sides; otherwise only the names can be compared. */
  sameVersion: boolean
  /** A schema of the restored database that is not compared. */
  ledgerSchema?: string
  signal: AbortSignal
}

/** Everything that is not rows: both sides written as SQL by the same tools, compared entry by entry. Returns their number. */
export async function compareSchema(options: SchemaComparison, findings: Findings): Promise<number> {
  const { tools, archive } = options
  const comparison = new BlockComparison()
  await readBlocks(tools.pgRestore, [...sections, '--file=-', archive], options, (block) => comparison.expect(block))
  await readDatabase(options.database, options, (block) => comparison.found(block))
  const differences = comparison.differences()
  const rewritten = await rewrittenBodies(differences, options)
  let equal = comparison.equal
  for (const { name, expected, actual } of differences) {
    const unexplained = actual.filter((body) => !take(rewritten.get(name), body))
    const missing = Math.max(0, expected.length - (actual.length - unexplained.length))
    if (unexplained.length === 0 && missing === 0) equal += expected.length
    else report(findings, name, expected, unexplained, missing)
  }
  return equal
}

const sections = ['--section=pre-data', '--section=post-data', '--no-tablespaces']

function report(findings: Findings, name: string, expected: string[], actual: string[], missing: number): void {
  if (actual.length === 0) findings.add(name, 'is missing in the restored database')
  else if (missing === 0) findings.add(name, 'is in the restored database and not in the backup')
  else findings.add(name, 'differs from the backup', firstDifference(expected[0] ?? '', actual[0] ?? ''))
}

/** For what stands in both and differs: how the same definition reads after one dump and restore. */
async function rewrittenBodies(
  differences: readonly { name: string; expected: string[]; actual: string[] }[],
  options: SchemaComparison,
): Promise<Map<string, string[]>> {
  const bodies = new Map<string, string[]>()
  const inBoth = new Set(differences.filter((one) => one.expected.length > 0 && one.actual.length > 0).map((one) => one.name))
  if (inBoth.size === 0) return bodies
  await readDatabase(await options.restoreSchema(), options, ({ name, body }) => {
    if (inBoth.has(name)) bodies.set(name, [...(bodies.get(name) ?? []), body])
  })
  return bodies
}

async function readDatabase(database: string, options: SchemaComparison, give: (block: SchemaBlock) => void): Promise<void> {
  const { ledgerSchema } = options
  const without = ledgerSchema === undefined ? [] : [`--exclude-schema=${ledgerSchema}`]
  const args = [...sections, ...without, '--no-password', `--dbname=${databaseArgument(database)}`]
  await readBlocks(options.tools.pgDump, args, options, give)
}

async function readBlocks(
  command: string,
  args: string[],
  { env, signal, sameVersion }: SchemaComparison,
  give: (block: SchemaBlock) => void,
): Promise<void> {
  const child = start({ command, args, env, signal, explain: explainToolFailure })
  // Byte for byte: a database without an encoding may hold any.
  child.stdout.setEncoding('latin1')
  const reader = new BlockReader(({ name, body }) => {
    if (sameVersion) give({ name: utf8(name), body: utf8(body) })
    else if (!ofLargeObject.test(name)) give({ name: utf8(name), body: '' })
  })
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) reader.line(line)
  await child.done
  reader.end()
}

/** Versions differ in how they put these into entries; their content is compared with the rows. */
const ofLargeObject = /^BLOB|^\S+ LARGE OBJECTS? /

function utf8(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}

/** Removes one value from a list; false when it was not there. */
function take(list: string[] | undefined, value: string): boolean {
  const at = list?.indexOf(value) ?? -1
  if (at !== -1) list?.splice(at, 1)
  return at !== -1
}
