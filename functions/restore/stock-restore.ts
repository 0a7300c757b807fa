import { databaseArgument } from '../platform/postgres/tool-environment.ts'

/** Options that pg_restore names the same way. */
export interface StockOptions {
  noOwner: boolean
  noPrivileges: boolean
  role?: string
  /** Put everything into the target's default tablespace. */
  noTablespaces?: boolean
}

export type Section = 'pre-data' | 'data' | 'post-data'

/** Arguments of one pg_restore run into the target: stops at the first error. */
export function restoreArguments(
  archive: string,
  section: Section,
  target: { database: string; jobs: number; useList?: string },
  options: StockOptions,
): string[] {
  return [
    '--exit-on-error',
    '--no-password',
    `--section=${section}`,
    `--dbname=${databaseArgument(target.database)}`,
    // A list of one job keeps pg_restore in one session.
    ...(target.jobs > 1 ? [`--jobs=${target.jobs}`] : []),
    ...(target.useList === undefined ? [] : [`--use-list=${target.useList}`]),
    ...stockFlags(options),
    archive,
  ]
}

/** Arguments of the pg_restore that writes chosen entries as a script for psql. */
export function scriptArguments(archive: string, files: { useList: string; script: string }, options: StockOptions): string[] {
  // No section: the list alone says what is wanted, and an entry of no section counts as one of whatever lies before it.
  return [`--use-list=${files.useList}`, `--file=${files.script}`, ...stockFlags(options), archive]
}

/** Arguments of the pg_restore that writes, as SQL, what --clean drops (and then creates, which is cut off). */
export function cleanArguments(archive: string, useList: string, options: StockOptions): string[] {
  return [
    '--clean',
    '--if-exists',
    '--section=pre-data',
    '--section=post-data',
    '--file=-',
    `--use-list=${useList}`,
    ...stockFlags(options),
    archive,
  ]
}

/**
 * The drops of such a script: pg_restore writes them all first, and the first thing it creates has a comment above it.
 * Lines for psql alone (`\restrict`) are left out, because the text is run by the server.
 */
export function dropStatements(script: string): string {
  const end = script.indexOf('\n--\n-- Name: ')
  const drops = end === -1 ? script : script.slice(0, end)
  return drops
    .split('\n')
    .filter((line) => !line.startsWith('\\restrict ') && !line.startsWith('\\unrestrict '))
    .join('\n')
}

function stockFlags({ noOwner, noPrivileges, noTablespaces, role }: StockOptions): string[] {
  return [
    ...(noOwner ? ['--no-owner'] : []),
    ...(noPrivileges ? ['--no-privileges'] : []),
    ...(noTablespaces === true ? ['--no-tablespaces'] : []),
    ...(role === undefined ? [] : [`--role=${role}`]),
  ]
}
