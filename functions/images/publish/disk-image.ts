import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import { fileSha256 } from '../file-sha256.ts'
import type { StoredFile } from '../image-facts.ts'
import { imageFiles, storedFiles } from '../image-files.ts'
import { type ImageManifest, imageManifest } from '../image-manifest.ts'
import { parseDocument, readDocument } from '../read-document.ts'
import { parseTestReport, testReport } from '../test-report.ts'
import { type Definition, refuseUnfit } from './refusals.ts'
import { checksumsText, provenanceStatement } from './stored-documents.ts'

/** A file to store: what it must be there, and where it is now. */
export interface OutgoingFile extends StoredFile {
  /** A path, or the bytes. */
  from: string | Uint8Array
}

/** A disk that may be published: its documents were read, its bytes hashed, and its report speaks for them. */
export interface DiskImage {
  manifest: ImageManifest
  disk: OutgoingFile
  /** In the order in which they are stored. */
  documents: OutgoingFile[]
}

/**
 * Reads a baked image and refuses what may not be published.
 *
 * @throws Failure `permanent`, with a code for each reason.
 */
export async function readDiskImage(directory: string, definition: Definition): Promise<DiskImage> {
  const manifestBytes = await readDocument(imageManifest, directory, directory)
  const manifest = parseDocument(imageManifest, manifestBytes, directory)
  const { name } = manifest
  const disk = await readDisk(directory, manifest)
  const reportBytes = await readDocument(testReport, directory, name)
  refuseUnfit(manifest, parseTestReport(reportBytes, name, disk.sha256), definition)
  const manifestFile = outgoing(imageFiles.manifest, manifestBytes)
  const others = [
    outgoing(imageFiles.sbom, await readSbom(directory, name)),
    outgoing(imageFiles.testReport, reportBytes),
    outgoing(storedFiles.provenance, provenanceText(manifest)),
  ]
  const checksums = outgoing(storedFiles.checksums, Buffer.from(checksumsText([disk, ...others, manifestFile])))
  return { manifest, disk, documents: [...others, checksums, manifestFile] }
}

/** A document that is made here. */
export function outgoing(file: string, from: Uint8Array): OutgoingFile {
  return { file, bytes: from.byteLength, sha256: createHash('sha256').update(from).digest('hex'), from }
}

async function readDisk(directory: string, { name, image }: ImageManifest): Promise<OutgoingFile> {
  const path = join(directory, image.file)
  const { size } = await stat(path).catch((cause: unknown) => {
    throw refused(name, 'NoDisk', `the disk ${image.file} is not in ${directory}`, cause)
  })
  const sha256 = await fileSha256(path)
  if (size === image.bytes && sha256 === image.sha256) return { ...image, from: path }
  const is = `${image.file} has ${size} bytes and SHA-256 ${sha256}, and ${image.bytes} bytes and ${image.sha256} were baked`
  throw refused(name, 'Altered', `the disk was changed after it was baked: ${is}`)
}

async function readSbom(directory: string, name: string): Promise<Uint8Array> {
  return await readFile(join(directory, imageFiles.sbom)).catch((cause: unknown) => {
    throw refused(name, 'NoSbom', `there is no ${imageFiles.sbom} in ${directory}`, cause)
  })
}

function provenanceText(manifest: ImageManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(provenanceStatement(manifest), undefined, 1)}\n`)
}

function refused(subject: string, code: string, why: string, cause?: unknown): Failure {
  const hint = 'Bake and test the image again.'
  return new Failure(`the image is not published: ${why}`, { kind: 'permanent', subject, code, hint, cause })
}
