import { Decrypter } from 'age-encryption'
import { Failure } from '../failure.ts'

const keyLine = /^AGE-SECRET-KEY-(PQ-)?1[02-9AC-HJ-NP-Z]+$/

/** What opens encrypted sets: the secret keys of one or more age recipients. Prints as nothing that matters. */
export class AgeIdentity {
  readonly #keys: readonly string[]

  private constructor(keys: readonly string[]) {
    this.#keys = keys
  }

  /**
   * Reads an identity file as `age-keygen` writes it: comments, and one secret key a line.
   *
   * @param subject where the text is from, for the Failure.
   * @throws {Failure} `config` for anything else; never with a word of the text.
   */
  static parse(text: string, subject: string): AgeIdentity {
    const lines = text.split('\n').map((line) => line.trim())
    const keys = lines.filter((line) => line !== '' && !line.startsWith('#'))
    if (keys.length > 0 && keys.every((line) => keyLine.test(line))) {
      const identity = new AgeIdentity(keys)
      try {
        identity.decrypter()
        return identity
      } catch {
        // Its message may quote the key.
      }
    }
    throw new Failure('this is no age identity', {
      kind: 'config',
      subject,
      code: 'BAD_IDENTITY',
      hint: 'Give the file that age-keygen wrote: a line that begins with AGE-SECRET-KEY-1. A file with a passphrase is opened first: age -d -o identity.txt FILE. Plugins (hardware keys) are for the age tool and restore.sh alone.',
    })
  }

  /** The keys as text, for `parse` in another thread: never for a message, a file or the environment. */
  reveal(): string {
    return this.#keys.join('\n')
  }

  /** One that tries each key; of no use but to the decryption here. */
  decrypter(): Decrypter {
    const decrypter = new Decrypter()
    for (const key of this.#keys) decrypter.addIdentity(key)
    return decrypter
  }
}
