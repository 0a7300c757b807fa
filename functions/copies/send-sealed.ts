import { manifestFile, setPrefix } from '../archive/keys.ts'
import { type Manifest, type ManifestFile, parseManifest, serializeManifest } from '../archive/manifest.ts'
import { readObject } from '../archive/read-set.ts'
import { restoreScript } from '../archive/restore-script.ts'
import { type ContentStore, contentStore } from '../platform/encryption/content-store.ts'
import { isOtherContent, occupied, spoiledSealed } from './failures.ts'
import { type SetPair, sendFile } from './send-file.ts'
import { contentOf, refuseForeign, type SentSet, sendScript } from './send-set.ts'
import { type SourceSet, sha256 } from './source-set.ts'

/**
 * Sends a plain set encrypted to the target's recipients, under a manifest of its own that names the source's. Encryption
 * gives other bytes each time, so that an interrupted copy begins again; a finished one is known by its manifest.
 */
export async function sendSealed(
  pair: SetPair,
  set: SourceSet,
  there: ReadonlyMap<string, number>,
  recipients: readonly string[],
  report: (bytes: number) => void,
): Promise<SentSet> {
  const { target, address } = pair
  const earlier = there.has(manifestFile) ? await earlierCopy(pair, set) : undefined
  const contents = await contentStore(target, recipients)
  refuseForeign(
    pair,
    set.manifest.units.map(({ file }) => file + contents.suffix),
    there,
  )
  const sealed = earlier ?? (await sealFiles(pair, set, contents, recipients, report))
  const content = contentOf(sealed)
  if (earlier === undefined) await sendScript(pair, sealed, report)
  return {
    ...{ set: sealed, content, sent: earlier === undefined ? content : [] },
    sendAgain: ({ file }) => Promise.reject(spoiledSealed(target, address, file)),
  }
}

async function sealFiles(
  pair: SetPair,
  set: SourceSet,
  contents: ContentStore,
  recipients: readonly string[],
  report: (bytes: number) => void,
): Promise<SourceSet> {
  const send = async (file: ManifestFile): Promise<ManifestFile> => {
    const options = { expectedBytes: file.bytes, ...(pair.signal && { signal: pair.signal }) }
    const { bytes, sha256: hash } = await sendFile(pair, file, (key) => contents.upload(key, options), report)
    return { file: file.file + contents.suffix, bytes, sha256: hash }
  }
  const files: ManifestFile[] = []
  for (const file of set.manifest.files) files.push(await send(file))
  const units: ManifestFile[] = []
  for (const unit of set.manifest.units) units.push(await send(unit))
  const storedBytes = [...files, ...units].reduce((sum, { bytes }) => sum + bytes, 0)
  const { format, summary, ballast, ...rest } = set.manifest
  return asSource(set, {
    ...{ format, summary: { ...summary, storedBytes }, ballast },
    encryption: { type: 'age', recipients: [...recipients], copyOf: set.manifestSha256 },
    ...{ ...rest, files, units },
  })
}

/** The copy that was finished before, if it is one of this very set. */
async function earlierCopy({ target, address, signal }: SetPair, set: SourceSet): Promise<SourceSet> {
  const bytes = await readObject(target, setPrefix(address) + manifestFile, signal)
  try {
    const manifest = parseManifest(bytes, address.set)
    if (manifest.encryption?.copyOf === set.manifestSha256) return asSource(set, manifest)
  } catch (error) {
    if (!isOtherContent(error)) throw error
  }
  throw occupied(target, address, 'another manifest')
}

function asSource({ evidence, manifestSha256 }: SourceSet, manifest: Manifest): SourceSet {
  const manifestBytes = serializeManifest(manifest)
  return {
    ...{ manifest, manifestBytes, manifestSha256: sha256(manifestBytes), script: Buffer.from(restoreScript(manifest)) },
    ...{ evidence, spokenOf: [manifestSha256] },
  }
}
