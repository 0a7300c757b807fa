import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import type { ObjectStore } from '../../../../functions/platform/object-store/store.ts'
import { all, collect, patternBytes, sha256Hex } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const blockBytes = 1024 * 1024

export function describeUploading({ openEmpty, partBytes }: StoreCase): void {
  describe('upload', () => {
    it.each([
      ['nothing', 0],
      ['one byte', 1],
      ['one byte less than a part', partBytes - 1],
      ['exactly a part', partBytes],
      ['one byte more than a part', partBytes + 1],
      ['exactly two parts', 2 * partBytes],
      ['three parts', 2 * partBytes + 12_345],
    ])('stores %s', async (_, size) => {
      const store = await openEmpty()
      const body = patternBytes(size)
      const upload = store.upload('data/000001.zst')
      for (let at = 0; at < size; at += blockBytes) await upload.write(body.subarray(at, at + blockBytes))
      expect(await all(store.list(''))).toEqual([{ objects: [], prefixes: [] }])
      expect(await upload.finish()).toEqual({ key: 'data/000001.zst', bytes: size, sha256: sha256Hex(body) })
      expect(sha256Hex(await collect(store.read('data/000001.zst')))).toBe(sha256Hex(body))
      expect(await all(store.pendingUploads(''))).toEqual([])
    })

    it.each([
      ['in one request', 100],
      ['in parts', 2 * partBytes + 5],
    ])('tells %s what is about to be stored, and stores nothing when that is refused', async (_, size) => {
      const store = await openEmpty()
      const body = patternBytes(size)
      const expected = { key: 'a', bytes: size, sha256: sha256Hex(body) }
      const refused = store.upload('a')
      await refused.write(body)
      const failure = await failureOf(
        refused.finish(() => Promise.reject(new Failure('no', { kind: 'permanent', subject: 'a', hint: 'none' }))),
      )
      expect(failure.message).toContain('no')
      expect(await store.head('a')).toBeUndefined()
      expect(await all(store.pendingUploads(''))).toEqual([])
      const upload = store.upload('a', { ifAbsent: true })
      await upload.write(body)
      const seen: unknown[] = []
      const finished = await upload.finish(async (stored) => {
        seen.push(stored, await store.head('a'))
      })
      expect(seen).toEqual([expected, undefined])
      expect(finished).toEqual(expected)
    })

    it('takes one write larger than several parts, and many tiny ones', async () => {
      const store = await openEmpty()
      const body = patternBytes(2 * partBytes + 7)
      const upload = store.upload('a')
      await upload.write(body)
      for (let index = 0; index < 1000; index += 1) await upload.write(body.subarray(index, index + 1))
      await upload.write(new Uint8Array(0))
      const expected = sha256Hex(Buffer.concat([body, body.subarray(0, 1000)]))
      expect((await upload.finish()).sha256).toBe(expected)
      expect(sha256Hex(await collect(store.read('a')))).toBe(expected)
    })

    it('has copied the bytes once a write resolves', async () => {
      const store = await openEmpty()
      const upload = store.upload('a')
      const shared = Buffer.alloc(blockBytes)
      const blocks = Math.ceil((2.5 * partBytes) / blockBytes)
      const expected: Buffer[] = []
      for (let index = 0; index < blocks; index += 1) {
        patternBytes(blockBytes, index + 1).copy(shared)
        expected.push(Buffer.from(shared))
        await upload.write(shared)
        shared.fill(0xee)
      }
      await upload.finish()
      expect(sha256Hex(await collect(store.read('a')))).toBe(sha256Hex(Buffer.concat(expected)))
    })

    it('keeps uploads that run at the same time apart', async () => {
      const store = await openEmpty()
      const bodies = [3, 4, 5, 6].map((seed) => patternBytes(partBytes + 100_000 * seed, seed))
      await Promise.all(bodies.map((body, index) => uploadWhole(store, `unit/${index}`, body)))
      for (const [index, body] of bodies.entries()) {
        expect(sha256Hex(await collect(store.read(`unit/${index}`)))).toBe(sha256Hex(body))
      }
    })

    it.each([
      ['with a few bytes', 10],
      ['with almost a part', partBytes - 1],
      ['with parts', partBytes + 1_000_000],
    ])('refuses a taken key when asked to, %s, and leaves nothing pending', async (_, size) => {
      const store = await openEmpty()
      const body = patternBytes(size)
      await store.put('a', Buffer.from('first'))
      const upload = store.upload('a', { ifAbsent: true })
      await upload.write(body)
      expect(await failureOf(upload.finish())).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
      expect((await collect(store.read('a'))).toString()).toBe('first')
      expect(await all(store.pendingUploads(''))).toEqual([])
    })

    it('refuses a taken key also when the same parts were stored before', async () => {
      const store = await openEmpty()
      const body = patternBytes(partBytes + 1)
      await uploadWhole(store, 'a', body, true)
      expect(await failureOf(uploadWhole(store, 'a', body, true))).toMatchObject({ code: 'PreconditionFailed' })
    })

    it('stores under a free key when asked to', async () => {
      const store = await openEmpty()
      const body = patternBytes(partBytes + 1)
      await uploadWhole(store, 'a', body, true)
      expect(sha256Hex(await collect(store.read('a')))).toBe(sha256Hex(body))
    })

    it.each([
      ['before any byte', 0],
      ['within the first part', 0.5],
      ['after several parts', 2.5],
    ])('shows and keeps nothing of an upload aborted %s', async (_, parts) => {
      const store = await openEmpty()
      const upload = store.upload('a')
      await upload.write(patternBytes(Math.round(parts * partBytes)))
      await upload.abort()
      await upload.abort()
      expect(await store.head('a')).toBeUndefined()
      expect(await all(store.pendingUploads(''))).toEqual([])
      expect(await failureOf(upload.write(Buffer.from('more')))).toMatchObject({ code: 'Aborted' })
      expect(await failureOf(upload.finish())).toMatchObject({ code: 'Aborted' })
    })

    it('keeps the object when aborted after finish', async () => {
      const store = await openEmpty()
      const upload = store.upload('a')
      await upload.write(Buffer.from('kept'))
      await upload.finish()
      await upload.abort()
      expect((await collect(store.read('a'))).toString()).toBe('kept')
      expect(await failureOf(upload.write(Buffer.from('more')))).toMatchObject({ kind: 'bug' })
    })
  })
}

async function uploadWhole(store: ObjectStore, key: string, body: Uint8Array, ifAbsent = false): Promise<void> {
  const upload = store.upload(key, { ifAbsent })
  for (let at = 0; at < body.byteLength; at += blockBytes) await upload.write(body.subarray(at, at + blockBytes))
  await upload.finish()
}
