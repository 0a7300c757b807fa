import { Failure } from '../failure.ts'
import { smallObjectBytes } from './store.ts'

/** Collects a body that must not be larger than a small object is. */
export async function collectSmall(body: AsyncIterable<Uint8Array>, subject: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of body) {
    bytes += part.byteLength
    if (bytes > smallObjectBytes) throw tooLarge(subject)
    parts.push(part)
  }
  return Buffer.concat(parts, bytes)
}

/** The Failure of a conditional write that came too late. */
export function changedSince(subject: string, cause?: unknown): Failure {
  return new Failure('The object has changed since it was read', {
    kind: 'permanent',
    subject,
    code: 'PreconditionFailed',
    hint: 'It was left as the other writer made it; read it again and decide anew.',
    cause,
  })
}

function tooLarge(subject: string): Failure {
  return new Failure(`The object has more than ${smallObjectBytes} bytes`, {
    kind: 'permanent',
    subject,
    code: 'TooLarge',
    hint: 'It is not what Ballast keeps under this key: find out what wrote it, and move it away.',
  })
}
