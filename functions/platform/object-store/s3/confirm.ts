import { createHash } from 'node:crypto'
import { Failure } from '../../failure.ts'
import { checkStored, compositeChecksum } from './checksum.ts'
import { objectUrl, type S3Connection } from './connection.ts'
import { headObject, type StoredHead } from './head.ts'
import type { StoredPart } from './multipart.ts'

/** What a completed upload must have become. */
export interface ExpectedObject {
  key: string
  bytes: number
  parts: readonly StoredPart[]
}

/** Asks the store what it keeps now. @throws {Failure} when that is not what was sent. */
export async function confirmStored(connection: S3Connection, expected: ExpectedObject, signal?: AbortSignal): Promise<void> {
  const subject = objectUrl(connection, expected.key)
  const found = await headObject(connection, expected.key, signal)
  if (found?.bytes !== expected.bytes) {
    throw new Failure(`The store keeps ${found?.bytes ?? 'no'} bytes of the ${expected.bytes} that were sent`, {
      kind: 'permanent',
      subject,
      code: 'SizeMismatch',
      hint: 'The stored object must not be used: run again, and report it to the provider if it repeats.',
    })
  }
  checkStored(found.sha256, compositeChecksum(digests(expected)), subject)
}

/** Whether an object that is in the way is the very one that an earlier request of this upload completed. */
export async function isStored(connection: S3Connection, expected: ExpectedObject, signal?: AbortSignal): Promise<boolean> {
  const found = await headObject(connection, expected.key, signal)
  return found !== undefined && found.bytes === expected.bytes && sameContent(found, expected)
}

function sameContent(found: StoredHead, expected: ExpectedObject): boolean {
  if (found.sha256 !== undefined) return found.sha256 === compositeChecksum(digests(expected))
  // Without encryption by a managed key, the ETag of an object in parts is the MD5 over the parts' MD5s.
  const md5 = createHash('md5')
  for (const { etag } of expected.parts) md5.update(Buffer.from(etag.replaceAll('"', ''), 'hex'))
  return found.etag?.replaceAll('"', '') === `${md5.digest('hex')}-${expected.parts.length}`
}

function digests({ parts }: ExpectedObject): Buffer[] {
  return parts.map(({ digest }) => digest)
}
