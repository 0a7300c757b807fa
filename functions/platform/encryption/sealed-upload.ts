import { Encrypter } from 'age-encryption'
import { Failure } from '../failure.ts'
import type { ObjectUpload } from '../object-store/store.ts'
import type { ContentUpload } from './content-upload.ts'

/** Encrypts to all of the recipients. @throws {Failure} `config` for one that is none. */
export function encrypterFor(recipients: readonly string[]): Encrypter {
  const encrypter = new Encrypter()
  for (const recipient of recipients) {
    try {
      encrypter.addRecipient(recipient)
    } catch (cause) {
      throw new Failure('this is no age recipient', {
        kind: 'config',
        subject: recipient,
        code: 'BAD_RECIPIENT',
        hint: 'Copy it whole, as age-keygen shows it ("public key: age1..."): it carries a checksum, and a letter is wrong or missing.',
        cause,
      })
    }
  }
  return encrypter
}

/** An upload whose bytes are encrypted on their way. */
export function sealedUpload(upload: ObjectUpload, encrypter: Encrypter): ContentUpload {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  let contentBytes = 0
  const stored = storeAll(upload, encrypter, readable)
  // Thrown by the write or finish that meets it.
  stored.catch(() => undefined)
  /** What the stream says of a failure behind it is less than the failure itself. */
  const behind = async (step: Promise<void>): Promise<void> => {
    step.catch(() => undefined)
    await Promise.race([step, stored]).catch(async (error: unknown) => {
      await stored
      throw error
    })
  }
  return {
    write: async (bytes) => {
      contentBytes += bytes.length
      // The stream may hold it when the caller already uses its buffer again.
      await behind(writer.write(Uint8Array.from(bytes)))
    },
    finish: async (before) => {
      await behind(writer.close())
      await stored
      const finished = await upload.finish(before && ((object) => before({ ...object, contentBytes })))
      return { ...finished, contentBytes }
    },
    abort: async () => {
      await upload.abort()
      await writer.abort().catch(() => undefined)
      await stored.catch(() => undefined)
    },
  }
}

async function storeAll(upload: ObjectUpload, encrypter: Encrypter, content: ReadableStream<Uint8Array>): Promise<void> {
  for await (const bytes of await encrypter.encrypt(content)) await upload.write(bytes)
}
