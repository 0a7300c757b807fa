import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { storeSpaceFinding } from '../../functions/doctor/space-verdicts.ts'
import { probeStore } from '../../functions/doctor/store-facts.ts'
import { lifecycleFinding, storeFindings } from '../../functions/doctor/store-verdicts.ts'
import { type Check, type Finding, fail } from '../../functions/platform/check.ts'
import { readAbortRule } from '../../functions/platform/object-store/lifecycle.ts'
import { storeLocation } from '../../functions/platform/object-store/location.ts'
import { openStore } from '../../functions/platform/object-store/open-store.ts'
import { providerProfile } from '../../functions/platform/object-store/profiles.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { type StoreChoice, storeSettings } from '../../functions/runtime/definition/defined-store.ts'
import { asFailure } from '../run/as-failure.ts'
import { about, failureFinding } from './findings.ts'

/** Tries out a store as a backup would use it. */
export async function checkStore(
  choice: StoreChoice,
  databaseBytes: number,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Check[]> {
  const subject = storeLocation(choice.settings)
  try {
    return about(subject, await findingsOf(await storeSettings(choice, env), databaseBytes, signal))
  } catch (error) {
    const failure = asFailure(error, subject)
    if (failure.code === 'Aborted' || failure.kind === 'bug') throw failure
    return about(subject, [failureFinding('store', failure)])
  }
}

async function findingsOf(settings: StoreSettings, databaseBytes: number, signal: AbortSignal): Promise<Finding[]> {
  // A backup would make the directory, and where a disk is not mounted that hides it.
  if (settings.type === 'file' && !existsSync(settings.directory)) return [missingDirectory(settings.directory)]
  const store = openStore(settings)
  const enforcing = openStore(enforcingSettings(settings))
  try {
    const facts = await probeStore(store, enforcing, signal)
    const findings = storeFindings(facts, Date.now())
    if (!facts.write.went) return findings
    if (settings.type === 's3') return [...findings, lifecycleFinding(await readAbortRule(settings, signal))]
    const { bavail, bsize } = await statfs(settings.directory)
    return [...findings, storeSpaceFinding(bavail * bsize, databaseBytes)]
  } finally {
    enforcing.close()
    store.close()
  }
}

/**
 * The same store, with the server alone deciding about a conditional write: where a provider is not trusted with that, the
 * store looks for the key before it writes, which would hide what the server does.
 */
function enforcingSettings(settings: StoreSettings): StoreSettings {
  if (settings.type === 'file' || providerProfile(settings).conditionalPut === 'enforced') return settings
  return { ...settings, provider: 'hetzner' }
}

function missingDirectory(directory: string): Finding {
  return fail('directory', `${directory} does not exist`, `Mount the disk it is on, or make it: mkdir -p ${directory}`)
}
