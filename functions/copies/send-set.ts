import { manifestFile, restoreScriptFile, setPrefix } from '../archive/keys.ts'
import type { ManifestFile } from '../archive/manifest.ts'
import { readObject } from '../archive/read-set.ts'
import { occupied } from './failures.ts'
import { type SetPair, sendFile } from './send-file.ts'
import { type SourceSet, sha256 } from './source-set.ts'

/** What was brought to a target, and still has to be read back. */
export interface SentSet {
  /** The set as the target has it. */
  set: SourceSet
  /** Every file of it but the manifest, with the hash that it must have. */
  content: ManifestFile[]
  /** Those of them that were sent in this run. */
  sent: ManifestFile[]
  /** Sends one of the others once more: it was there already, and is not what it should be. */
  sendAgain(file: ManifestFile): Promise<void>
}

type Report = (bytes: number) => void

/** Sends a set as it is: the objects that are not there with their size already. */
export async function sendSet(
  pair: SetPair,
  set: SourceSet,
  there: ReadonlyMap<string, number>,
  report: Report,
): Promise<SentSet> {
  const { target, address, signal } = pair
  if (there.has(manifestFile)) {
    const other = await readObject(target, setPrefix(address) + manifestFile, signal)
    if (!other.equals(set.manifestBytes)) throw occupied(target, address, 'another manifest')
  }
  refuseForeign(pair, fileNames(set.manifest.units), there)
  const content = contentOf(set)
  const missing = content.filter(({ file, bytes }) => there.get(file) !== bytes)
  for (const file of missing) await sendOne(pair, file, set, report)
  return { set, content, sent: missing, sendAgain: (file) => sendOne(pair, file, set, () => undefined) }
}

/** The files of a set but its manifest. */
export function contentOf({ manifest, script }: SourceSet): ManifestFile[] {
  const scriptFile = { file: restoreScriptFile, bytes: script.length, sha256: sha256(script) }
  return [...manifest.files, ...manifest.units, scriptFile]
}

/** No restore would take a set with rows that its manifest does not name. */
export function refuseForeign(
  { target, address }: SetPair,
  units: readonly string[],
  there: ReadonlyMap<string, number>,
): void {
  const foreign = [...there.keys()].find((file) => file.startsWith('data/') && !units.includes(file))
  if (foreign !== undefined) throw occupied(target, address, `${foreign}, which the set does not have,`)
}

/** Stores the script, which lies in memory. */
export async function sendScript({ target, address, signal }: SetPair, { script }: SourceSet, report: Report): Promise<void> {
  await target.put(setPrefix(address) + restoreScriptFile, script, signal && { signal })
  report(script.length)
}

function fileNames(files: readonly ManifestFile[]): string[] {
  return files.map(({ file }) => file)
}

async function sendOne(pair: SetPair, file: ManifestFile, set: SourceSet, report: Report): Promise<void> {
  if (file.file === restoreScriptFile) return await sendScript(pair, set, report)
  const options = { expectedBytes: file.bytes, ...(pair.signal && { signal: pair.signal }) }
  await sendFile(pair, file, (key) => pair.target.upload(key, options), report)
}
