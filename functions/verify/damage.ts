import { type SetAddress, setPrefix } from '../archive/keys.ts'
import { Failure } from '../platform/failure.ts'
import { rowsDiffer } from '../restore/load-unit.ts'

/** Whether this says that the set is not what was stored; anything else (network, space, tools) says nothing of the set. */
export function isDamage(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'permanent' && damageCodes.has(error.code)
}

/** Whether what was to be read is damaged, or deleted by now: it says nothing any more. */
export function isUnreadable(error: unknown): boolean {
  return isDamage(error) || (error instanceof Failure && error.code === 'NoSuchKey')
}

/** What an error says of the set, as a finding; undefined when it says nothing of it. @param restoring or reading what was restored. */
export function findingOf(
  error: unknown,
  address: SetAddress,
  restoring: boolean,
): { subject: string; problem: string } | undefined {
  if (isDamage(error)) return { subject: error.subject.replace(setPrefix(address), ''), problem: error.message }
  if (restoring && isUnrestorable(error)) return { subject: error.subject, problem: `does not restore: ${error.message}` }
  return undefined
}

const damageCodes: ReadonlySet<string | undefined> = new Set(['DAMAGED', 'InvalidRange', rowsDiffer])

/**
 * Whether this says that the set's content does not restore: a stock tool or the server refuses what it holds. Classes of
 * SQLSTATE: data (22), integrity (23), syntax and names (42), and the like; not resources, connections or the server's own state.
 */
export function isUnrestorable(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.kind === 'transient' || error.code === undefined) return false
  if (ofThisMachine.test(error.message) || error.code === insufficientPrivilege) return false
  if (error.subject === 'pg_restore' && /^exit \d+$/.test(error.code)) return true
  return /^(0A|22|23|2B|2F|42|54|P0)[0-9A-Z]{3}$/.test(error.code)
}

/** What the verifying role may not do says nothing of the set. */
const insufficientPrivilege = '42501'

/** What a machine lacks, as the server words it. */
const ofThisMachine =
  /is not available|could not (load|open|access|create locale)|No such file|No space left|out of memory|shared_preload_libraries/
