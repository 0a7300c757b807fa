import { createHash } from 'node:crypto'
import type { S3Client } from '@aws-sdk/client-s3'
import type { ProviderProfile } from '../profiles.ts'

/** Bytes that are in the server's hands before it can answer. */
const likelySentAtOnce = 16 * 1024

/** An outgoing request, as far as it is looked at here. */
interface OutgoingRequest {
  headers: Record<string, string>
  body?: unknown
}

/**
 * Puts integrity headers into the shape that the provider takes, before the request is signed:
 * - a body's known SHA-256 becomes the signed payload hash, on http and https alike, so that every store refuses a body that
 *   arrives changed, and the SDK need not hash it again;
 * - `x-amz-checksum-*` stays only where the provider knows it;
 * - DeleteObjects carries Content-MD5 where that is what the provider wants;
 * - a whole object is asked for with its checksum. The SDK's own validation is not used: it does not survive a resumed read.
 */
export function adaptHeaders(client: S3Client, profile: ProviderProfile): void {
  client.middlewareStack.add(
    (next, context) => (args) => {
      const request = args.request as OutgoingRequest
      if (context.commandName === 'DeleteObjectsCommand' && profile.deleteWithMd5) useMd5(request)
      if (context.commandName === 'GetObjectCommand' && profile.newerChecksums && request.headers.range === undefined) {
        request.headers['x-amz-checksum-mode'] = 'ENABLED'
      }
      signPayload(request, profile)
      closeAfterRefusal(request)
      return next(args)
    },
    // Low priority: after the SDK's own checksum step.
    { step: 'build', priority: 'low', name: 'ballastIntegrityHeaders' },
  )
}

function signPayload({ headers, body }: OutgoingRequest, profile: ProviderProfile): void {
  const checksum = headers['x-amz-checksum-sha256']
  // Without a body (Complete, a part copy) the header describes the object, not what is being sent.
  if (checksum === undefined || !(body instanceof Uint8Array)) return
  headers['x-amz-content-sha256'] = Buffer.from(checksum, 'base64').toString('hex')
  if (!profile.newerChecksums) delete headers['x-amz-checksum-sha256']
}

/**
 * A server may refuse a conditional write without reading its body, and would then take the rest of it for the next request
 * on a connection that is kept open.
 */
function closeAfterRefusal({ headers, body }: OutgoingRequest): void {
  const large = body instanceof Uint8Array && body.byteLength > likelySentAtOnce
  if (large && headers['if-none-match'] !== undefined) headers.connection = 'close'
}

function useMd5({ headers, body }: OutgoingRequest): void {
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-amz-checksum-') || name === 'x-amz-sdk-checksum-algorithm') delete headers[name]
  }
  headers['content-md5'] = createHash('md5').update(String(body)).digest('base64')
}
