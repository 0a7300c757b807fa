import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { AgeIdentity } from '../../../functions/platform/encryption/age-identity.ts'
import { contentStore } from '../../../functions/platform/encryption/content-store.ts'
import { unseal } from '../../../functions/platform/encryption/unseal.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { makeAgeKeys, writeIdentity } from '../../support/age-keys.ts'
import { collect, patternBytes, sha256Hex } from '../../support/bytes.ts'
import { failureOf } from '../../support/failures.ts'
import { useFileStore } from '../../support/stored-sets.ts'

const files = useFileStore()
const keys = makeAgeKeys()
const other = makeAgeKeys()
const identityOf = (text: string) => AgeIdentity.parse(text, 'identity.txt')
const sizes = [0, 1, 65_535, 65_536, 65_537, 3 * 65_536, 700_001]

/** Encrypts bytes into the directory under `content`, in pieces through one buffer that is used again. */
async function seal(body: Buffer, recipients: string[] = [keys.recipient]) {
  const upload = (await contentStore(files.store(), recipients)).upload('content')
  const piece = Buffer.alloc(100_000)
  for (let at = 0; at < body.length; at += piece.length) {
    const length = body.copy(piece, 0, at)
    await upload.write(piece.subarray(0, length))
  }
  return await upload.finish()
}

const stored = () => files.store().read('content.age')
const opened = (identity = keys.identity) => unseal(stored(), identityOf(identity), 'content.age')

describe('what is encrypted here', () => {
  test.each(sizes)('%i bytes: comes back here, and from the stock age tool', async (size) => {
    const body = patternBytes(size)
    const { bytes, sha256, contentBytes } = await seal(body)
    const encrypted = await collect(stored())
    expect({ bytes, sha256, contentBytes }).toEqual({
      bytes: encrypted.length,
      sha256: sha256Hex(encrypted),
      contentBytes: size,
    })
    expect((await collect(opened())).equals(body)).toBe(true)
    const identity = writeIdentity(keys, files.directory())
    const plain = execFileSync('age', ['-d', '-i', identity, join(files.directory(), 'content.age')], { maxBuffer: 2 ** 24 })
    expect(plain.equals(body)).toBe(true)
  })

  test('opens for each of its recipients, and for nobody else', async () => {
    await seal(patternBytes(1000), [keys.recipient, other.recipient])
    expect((await collect(opened(other.identity))).length).toBe(1000)
    await files.store().delete(['content.age'])
    await seal(patternBytes(1000))
    expect(await failureOf(collect(opened(other.identity)))).toMatchObject({ kind: 'config', code: 'WRONG_IDENTITY' })
  })

  test('is other bytes each time', async () => {
    const { sha256 } = await seal(patternBytes(1000))
    expect((await seal(patternBytes(1000))).sha256).not.toBe(sha256)
  })
})

test.each(sizes)('%i bytes that the stock age tool encrypted come back', async (size) => {
  const body = patternBytes(size)
  await writeFile(join(files.directory(), 'content'), body)
  execFileSync('age', ['-r', keys.recipient, '-o', 'content.age', 'content'], { cwd: files.directory() })
  expect((await collect(opened())).equals(body)).toBe(true)
})

describe('an encrypted object that', () => {
  const size = 200_000
  test.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['has a flipped bit in its first line', (bytes) => flipped(bytes, 5)],
    ['has a flipped bit in its first block', (bytes) => flipped(bytes, 300)],
    ['has a flipped bit in its last block', (bytes) => flipped(bytes, bytes.length - 1)],
    ['is cut off between two blocks', (bytes) => bytes.subarray(0, bytes.length - (size % 65_536) - 16)],
    ['is cut off within a block', (bytes) => bytes.subarray(0, 100_000)],
    ['is cut off in its header', (bytes) => bytes.subarray(0, 50)],
    ['is empty', () => Buffer.alloc(0)],
    ['has bytes behind it', (bytes) => Buffer.concat([bytes, Buffer.from('x')])],
    ['is something else', () => Buffer.from('hello\n')],
  ])('%s is damaged, and never ends as if it were whole', async (_, damage) => {
    await seal(patternBytes(size))
    await files.store().put('content.age', damage(await collect(stored())))
    expect(await failureOf(collect(opened()))).toMatchObject({ kind: 'permanent', code: 'DAMAGED', subject: 'content.age' })
  })

  test('cannot be read fails with the error of the reading', async () => {
    await seal(patternBytes(size))
    const lost = new Failure('gone', { kind: 'transient', subject: 's', hint: 'h', code: 'ECONNRESET' })
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield (await collect(stored())).subarray(0, 70_000)
      throw lost
    }
    expect(await failureOf(collect(unseal(breaking(), identityOf(keys.identity), 'x')))).toBe(lost)
  })

  test('is left in the middle lets go of what it reads', async () => {
    await seal(patternBytes(size))
    let released = false
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        yield* stored()
      } finally {
        released = true
      }
    }
    for await (const _ of unseal(watched(), identityOf(keys.identity), 'x')) break
    expect(released).toBe(true)
  })
})

describe('writing', () => {
  test('fails with the error of the store, at once or at the end, and can be given up', async () => {
    const full = new Failure('full', { kind: 'permanent', subject: 's', hint: 'h', code: 'ENOSPC' })
    let aborted = false
    const broken = {
      write: () => Promise.reject(full),
      finish: () => Promise.reject(new Error('not reached')),
      abort: async () => {
        aborted = true
      },
    }
    const store = Object.assign(files.store(), { upload: () => broken })
    const upload = (await contentStore(store, [keys.recipient])).upload('content')
    const work = async () => {
      for (let count = 0; count < 50; count += 1) await upload.write(Buffer.alloc(100_000))
      await upload.finish()
    }
    expect(await failureOf(work())).toBe(full)
    await upload.abort()
    expect(aborted).toBe(true)
  })

  test('that is given up leaves nothing', async () => {
    const upload = (await contentStore(files.store(), [keys.recipient])).upload('content')
    await upload.write(Buffer.alloc(100_000))
    await upload.abort()
    expect(await files.store().head('content.age')).toBeUndefined()
  })

  test('to a recipient with a wrong letter is refused', async () => {
    const wrong = keys.recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
    expect(await failureOf(contentStore(files.store(), [wrong]))).toMatchObject({ kind: 'config', code: 'BAD_RECIPIENT' })
  })
})

describe('an identity', () => {
  test('is read with its comments, and prints as nothing', () => {
    const identity = identityOf(keys.identity)
    expect(inspect(identity) + JSON.stringify(identity) + String(identity)).not.toContain('AGE-SECRET')
  })

  test.each([
    ['nothing', ''],
    ['a recipient', keys.recipient],
    ['an encrypted identity', 'age-encryption.org/v1\n-> scrypt x 18\n'],
    ['a plugin', 'AGE-PLUGIN-YUBIKEY-1QQPQQ'],
    ['a cut key', keys.identity.trim().slice(0, -3)],
  ])('that is %s is refused, without a word of it', async (_, text) => {
    const failure = await failureOf(Promise.resolve().then(() => identityOf(text)))
    expect(failure).toMatchObject({ kind: 'config', code: 'BAD_IDENTITY', subject: 'identity.txt' })
    expect(inspect(failure, { depth: 9 })).not.toContain('AGE-SECRET-KEY-1Q')
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ 1
  return changed
}
