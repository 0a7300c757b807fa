import { statfs } from 'node:fs/promises'
import type { Cluster } from '../../config/cluster.ts'
import { scratchFinding } from '../../functions/doctor/space-verdicts.ts'
import { toolFindings } from '../../functions/doctor/tool-verdicts.ts'
import { type Check, type Finding, fail, warn } from '../../functions/platform/check.ts'
import { findCandidates } from '../../functions/platform/postgres/client-tools.ts'
import { scratchParent } from '../../functions/verify/workplace.ts'
import type { StoreOptions } from '../options.ts'
import { asFailure } from '../run/as-failure.ts'
import { backupTuning } from '../settings/backup-options.ts'
import { chooseDatabases, type DatabaseOptions, isDatabaseNamed } from '../settings/connection-choice.ts'
import { commandEnvironment } from '../settings/environment.ts'
import { chooseStores } from '../settings/store-choice.ts'
import { type CheckedDatabase, checkDatabase } from './check-database.ts'
import { checkPausedReplica } from './check-paused-replica.ts'
import { checkStore } from './check-store.ts'
import { about, failureFinding } from './findings.ts'

/** Looks at everything that the options and the definition name. What cannot be reached is a finding, not an error. */
export async function runChecks(
  options: DatabaseOptions & StoreOptions,
  definition: Cluster | undefined,
  signal: AbortSignal,
): Promise<Check[]> {
  const databases = await checkDatabases(options, definition, signal)
  const facts = databases.flatMap(({ facts: found }) => (found === undefined ? [] : [found]))
  const majors = facts.map(({ versionNum }) => Math.floor(versionNum / 10_000))
  const largest = Math.max(0, ...facts.map(({ databaseBytes }) => databaseBytes))
  const all = facts.reduce((sum, { databaseBytes }) => sum + databaseBytes, 0)
  const paused =
    definition === undefined || options.url !== undefined
      ? []
      : await checkPausedReplica(definition, commandEnvironment(definition), signal)
  const local = [...(await checkTools(majors)), await checkScratch(largest)]
  const stores: Check[] = []
  const choices = chooseStores(options, definition, process.env)
  for (const choice of choices) stores.push(...(await checkStore(choice, all, commandEnvironment(definition), signal)))
  if (choices.length === 0) stores.push(notChecked('store', 'Name one with --store, or a definition with --config.'))
  return [...about('this machine', local), ...databases.flatMap(({ checks }) => checks), ...paused, ...stores]
}

async function checkDatabases(
  options: DatabaseOptions,
  definition: Cluster | undefined,
  signal: AbortSignal,
): Promise<CheckedDatabase[]> {
  if (!isDatabaseNamed(options, definition, process.env)) {
    return [{ checks: [notChecked('database', 'Name one with --url, or a definition with --config.')] }]
  }
  const all = definition !== undefined && options.url === undefined && options.database === undefined
  const { workers } = backupTuning({}, definition)
  const checked: CheckedDatabase[] = []
  for (const choice of chooseDatabases({ ...options, all }, definition, process.env)) {
    checked.push(await checkDatabase(choice, workers, commandEnvironment(definition), signal))
  }
  return checked
}

async function checkTools(serverMajors: readonly number[]): Promise<Finding[]> {
  try {
    return toolFindings(await findCandidates(process.env), serverMajors)
  } catch (error) {
    return [failureFinding('client tools', asFailure(error, 'tools'))]
  }
}

async function checkScratch(largestDatabaseBytes: number): Promise<Finding> {
  const directory = scratchParent(process.env)
  try {
    const { bavail, bsize } = await statfs(directory)
    return scratchFinding(directory, bavail * bsize, largestDatabaseBytes)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail('scratch space', reason, 'Name an existing directory in BALLAST_SCRATCH_DIR or TMPDIR.')
  }
}

function notChecked(subject: string, fix: string): Check {
  return { subject, ...warn('not checked', `no ${subject} is named`, fix) }
}
