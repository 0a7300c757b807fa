import { Failure } from '../failure.ts'
import type { AgeIdentity } from './age-identity.ts'

/**
 * Decrypts an age file as it streams by. Ends normally only behind the file's last, authenticated byte; whatever was given
 * out before was authenticated too.
 *
 * @param stored the file's bytes; an error of theirs is thrown as it is.
 * @throws {Failure} `config` with code `WRONG_IDENTITY`; `permanent` with code `DAMAGED` when the file is not what was encrypted.
 */
export async function* unseal(
  stored: AsyncIterable<Uint8Array>,
  identity: AgeIdentity,
  subject: string,
): AsyncGenerator<Uint8Array> {
  const source = new WatchedSource(stored)
  try {
    const plain = await identity.decrypter().decrypt(ReadableStream.from(source.read()))
    yield* plain
  } catch (cause) {
    throw source.failure?.error ?? explain(cause, subject)
  } finally {
    await source.close()
  }
}

/** The stored bytes, remembering whether it was reading them that failed. */
class WatchedSource {
  readonly #bytes: AsyncIterator<Uint8Array>
  failure: { error: unknown } | undefined

  constructor(stored: AsyncIterable<Uint8Array>) {
    this.#bytes = stored[Symbol.asyncIterator]()
  }

  async *read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = await this.#bytes.next().catch((error: unknown) => {
        this.failure = { error }
        throw error
      })
      if (next.done) return
      yield next.value
    }
  }

  async close(): Promise<void> {
    await this.#bytes.return?.()
  }
}

function explain(cause: unknown, subject: string): unknown {
  if (cause instanceof Failure) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  if (/no identity matched/.test(message)) {
    return new Failure('the identity does not open this set: it was encrypted to other recipients', {
      kind: 'config',
      subject,
      code: 'WRONG_IDENTITY',
      hint: "Give the identity of one of the recipients that the set's manifest.json names: age-keygen -y FILE shows whose identity a file is.",
      cause,
    })
  }
  return new Failure(`the encrypted object is damaged: ${message}`, {
    kind: 'permanent',
    subject,
    code: 'DAMAGED',
    hint: 'Restore from another copy of this set, or from another set; keep this one for analysis.',
    cause,
  })
}
