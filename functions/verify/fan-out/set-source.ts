import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { refuseArchived } from '../../archive/archived-files.ts'
import { globalsFile, schemaFile } from '../../archive/keys.ts'
import type { Manifest } from '../../archive/manifest.ts'
import { Failure } from '../../platform/failure.ts'
import { openContents } from '../../restore/set-contents.ts'
import { downloadFile, readTocOf } from '../../restore/set-files.ts'
import type { TocEntry } from '../../restore/toc.ts'
import { atPath } from '../../runtime/definition/at-path.ts'
import { definedIdentity } from '../../runtime/definition/defined-identity.ts'
import { Findings } from '../findings.ts'
import { checkSet } from '../set-check.ts'
import { refuseLargeArchive, refuseLargeIndexes } from './refuse-too-large.ts'
import type { StepContext } from './step-context.ts'

/** What a set says of itself before it is restored. */
export interface CheckedSource {
  manifestSha256: string
  found: Findings
  notes: string[]
  /** Absent when something was found: then nothing is restored. */
  whole?: WholeSource
}

/** A set whose objects are all there, with its description at hand. */
export interface WholeSource {
  manifest: Manifest
  /** Path of schema.dump, in a directory of the caller's. */
  archive: string
  toc: TocEntry[]
  globals: string
}

/**
 * Checks a set as far as that is cheap, and fetches what describes it.
 *
 * @throws Failure `permanent` with code `TooLarge` for one that calls of functions evidently cannot restore.
 */
export async function checkSource(context: StepContext, workDirectory: string): Promise<CheckedSource> {
  const { store, address, as, cluster, env, signal, beganMs, deadlineMs } = context
  const found = new Findings()
  const { manifest, manifestSha256, notes } = await checkSet(store, address, found, signal)
  if (manifest === undefined || found.total > 0) {
    if (as !== null) throw damaged(found, address.set)
    return { manifestSha256, found, notes }
  }
  await refuseArchived(store, address, signal)
  const identity = await atPath('backup.verify.ageIdentity', () => definedIdentity(cluster, env))
  const contents = await openContents(store, address, manifest, identity)
  await refuseLargeArchive(workDirectory, manifest)
  const [archive, globals] = [join(workDirectory, schemaFile), join(workDirectory, globalsFile)]
  await downloadFile(contents, schemaFile, archive, signal)
  await downloadFile(contents, globalsFile, globals, signal)
  const toc = await readTocOf(archive)
  refuseLargeIndexes(manifest, toc, (deadlineMs - beganMs) / 1000)
  const whole = { manifest, archive, toc, globals: await readFile(globals, 'utf8') }
  return { manifestSha256, found, notes, whole }
}

function damaged({ list: [first], total }: Findings, set: string): Failure {
  const more = total > 1 ? `; and ${total - 1} more` : ''
  return new Failure(`set ${set} is not whole: ${first?.subject} ${first?.problem}${more}`, {
    ...{ kind: 'permanent', subject: set, code: 'DAMAGED' },
    hint: 'Restore from another copy of this set, or from another set; nothing was changed.',
  })
}
