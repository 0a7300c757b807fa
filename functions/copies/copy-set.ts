import { serializeCopyProof } from '../archive/copy-proof.ts'
import { copyProofFile, manifestFile, setPrefix } from '../archive/keys.ts'
import { listFiles, readObject } from '../archive/read-set.ts'
import { ballastVersion } from '../archive/version.ts'
import { throwIfAborted } from '../platform/abort.ts'
import { differentCopy } from './failures.ts'
import { readBack } from './read-back.ts'
import { putOnce, sendEvidence } from './send-evidence.ts'
import type { SetPair } from './send-file.ts'
import { sendSealed } from './send-sealed.ts'
import { type SentSet, sendSet } from './send-set.ts'
import { readSourceSet, type SourceSet } from './source-set.ts'

/** What was done for one set at one target. */
export interface CopiedSet {
  sentObjects: number
  sentBytes: number
  comparedObjects: number
  comparedBytes: number
  /** Files that were there, were not what they should be, and were sent again. */
  replaced: string[]
  sentEvidence: number
}

export interface CopyProgress {
  phase: 'sending' | 'reading back'
  doneBytes: number
  totalBytes: number
}

export interface CopySetOptions extends SetPair {
  /** Whom a set is encrypted to on its way that is plain in the source; one that is encrypted already stays as it is. */
  recipients?: readonly string[] | undefined
}

/**
 * Copies a set, or goes on with an interrupted copy of it: sends the objects that are not there, reads every object back
 * and compares its SHA-256 with the recorded one, stores the manifest last and only if there is none, then the evidence and
 * the proof that this copy was compared. What was there before and turns out different is sent once more; what was sent in
 * this run and comes back different is a Failure, and the copy does not count.
 */
export async function copySet(pair: CopySetOptions, onProgress: (progress: CopyProgress) => void): Promise<CopiedSet> {
  const { target, address, signal, recipients = [] } = pair
  const startedMs = Date.now()
  const source = await readSourceSet(pair.source, address, signal)
  const there = await listFiles(target, address, signal)
  const report = progressReport(source.manifest.summary.storedBytes + source.script.length, onProgress)
  const seals = recipients.length > 0 && source.manifest.encryption === undefined
  const sent = seals
    ? await sendSealed(pair, source, there, recipients, report('sending'))
    : await sendSet(pair, source, there, report('sending'))
  const replaced = await compare(pair, sent, report('reading back'))
  await publish(pair, sent.set)
  const bytesOf = (files: readonly { bytes: number }[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0)
  const result: CopiedSet = {
    sentObjects: sent.sent.length + replaced.length,
    sentBytes: bytesOf(sent.sent) + bytesOf(sent.content.filter(({ file }) => replaced.includes(file))),
    comparedObjects: sent.content.length + 1,
    comparedBytes: bytesOf(sent.content) + sent.set.manifestBytes.length,
    replaced,
    sentEvidence: await sendEvidence(pair, sent.set, there),
  }
  await storeProof(pair, sent.set, startedMs, result)
  return result
}

/** Reads all of it back. Whatever an earlier run or another tool left there counts by its content alone. */
async function compare(
  pair: SetPair,
  { content, sent, sendAgain }: SentSet,
  report: (bytes: number) => void,
): Promise<string[]> {
  const { different } = await readBack(pair, content, report)
  const spoiled = different.find((file) => sent.includes(file))
  if (spoiled !== undefined) throw differentCopy(pair.target, pair.address, spoiled.file)
  for (const file of different) {
    await sendAgain(file)
    const again = await readBack(pair, [file], () => undefined)
    if (again.different.length > 0) throw differentCopy(pair.target, pair.address, file.file)
  }
  return different.map(({ file }) => file)
}

async function publish(pair: SetPair, { manifestBytes }: SourceSet): Promise<void> {
  const { target, address, signal } = pair
  const key = setPrefix(address) + manifestFile
  throwIfAborted(signal, key)
  await putOnce(pair, key, manifestBytes)
  if (!(await readObject(target, key, signal)).equals(manifestBytes)) throw differentCopy(target, address, manifestFile)
}

async function storeProof(pair: SetPair, set: SourceSet, startedMs: number, copied: CopiedSet): Promise<void> {
  const { source, target, address } = pair
  const finishedMs = Date.now()
  const proof = serializeCopyProof({
    ...{ format: 1, ...address, from: source.location, to: target.location, ballast: ballastVersion },
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date(finishedMs).toISOString(),
    manifestSha256: set.manifestSha256,
    objects: copied.comparedObjects,
    bytes: copied.comparedBytes,
  })
  await putOnce(pair, setPrefix(address) + copyProofFile(finishedMs), proof)
}

function progressReport(totalBytes: number, onProgress: (progress: CopyProgress) => void) {
  return (phase: CopyProgress['phase']) => {
    let doneBytes = 0
    return (bytes: number): void => {
      doneBytes += bytes
      onProgress({ phase, doneBytes, totalBytes })
    }
  }
}
