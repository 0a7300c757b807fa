import { type SetAddress, setPrefix } from '../archive/keys.ts'
import type { Manifest } from '../archive/manifest.ts'
import { readFile } from '../archive/read-set.ts'
import { storedFile } from '../archive/stored-file.ts'
import type { AgeIdentity } from '../platform/encryption/age-identity.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** The files of one set as they were before they were stored, encrypted or not. */
export interface SetContents {
  /** A whole file; fails at its end unless what is stored has the recorded size and SHA-256. */
  file(name: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Some bytes of a file. An encrypted one is read from its start, as age files are, and no further than needed. */
  range(name: string, offset: number, length: number, signal: AbortSignal): AsyncIterable<Uint8Array>
  /** The name that a file is stored under. */
  storedName(name: string): string
}

/**
 * Opens a set's contents.
 *
 * @throws {Failure} `config` with code `NO_IDENTITY` for an encrypted set when there is nothing to open it with.
 */
export async function openContents(
  store: ObjectStore,
  address: SetAddress,
  manifest: Pick<Manifest, 'encryption' | 'files' | 'units'>,
  identity: AgeIdentity | undefined,
): Promise<SetContents> {
  const storedName = (name: string) => storedFile(manifest, name)
  const whole = (name: string, signal?: AbortSignal) => {
    const file = [...manifest.files, ...manifest.units].find((one) => one.file === storedName(name))
    if (file === undefined) throw new Error(`the manifest of ${address.set} names no ${name}`)
    return readFile(store, address, file, signal)
  }
  const keyOf = (name: string) => setPrefix(address) + storedName(name)
  const { encryption } = manifest
  if (encryption === undefined) {
    return {
      file: whole,
      range: (name, offset, length, signal) => store.read(keyOf(name), { offset, length, signal }),
      storedName,
    }
  }
  if (identity === undefined) throw noIdentity(address, encryption.recipients)
  // Only who opens encrypted sets loads the library.
  const { unseal } = await import('../platform/encryption/unseal.ts')
  const open = (name: string, stored: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) =>
    orDamaged(unseal(stored, identity, keyOf(name)), () => whole(name, signal))
  return {
    file: (name, signal) => open(name, whole(name, signal), signal),
    range: (name, offset, length, signal) => slice(open(name, store.read(keyOf(name), { signal }), signal), offset, length),
    storedName,
  }
}

/** An object whose header is damaged looks as if it were another's: its recorded SHA-256 tells the two apart. */
async function* orDamaged(
  content: AsyncIterable<Uint8Array>,
  stored: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (error) {
    const unopened = error instanceof Failure && error.code === 'WRONG_IDENTITY'
    if (unopened) for await (const _ of stored());
    throw error
  }
}

/** The bytes from an offset on, so many at most; the rest is not read. */
async function* slice(source: AsyncIterable<Uint8Array>, offset: number, length: number): AsyncGenerator<Uint8Array> {
  const end = offset + length
  let position = 0
  for await (const bytes of source) {
    const part = bytes.subarray(Math.max(0, offset - position), Math.max(0, end - position))
    position += bytes.length
    if (part.length > 0) yield part
    if (position >= end) return
  }
}

function noIdentity({ set }: SetAddress, recipients: readonly string[]): Failure {
  return new Failure(`set ${set} is encrypted, and no identity was given to open it with`, {
    kind: 'config',
    subject: set,
    code: 'NO_IDENTITY',
    hint: `Add --identity FILE with the age identity of ${recipients.join(' or ')}; nothing was changed.`,
  })
}
