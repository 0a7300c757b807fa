import { describe, expect, it } from 'vitest'
import { collect, patternBytes, sha256Hex } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

export function describePutting({ openEmpty, partBytes, atomicIfAbsent }: StoreCase): void {
  describe('put', () => {
    it.each([0, 1, 1000, partBytes, partBytes + 1])('keeps %i bytes and says so', async (size) => {
      const store = await openEmpty()
      const body = patternBytes(size)
      expect(await store.put('set/object', body)).toEqual({ key: 'set/object', bytes: size, sha256: sha256Hex(body) })
      expect(sha256Hex(await collect(store.read('set/object')))).toBe(sha256Hex(body))
      expect(await store.head('set/object')).toMatchObject({ key: 'set/object', bytes: size })
    })

    it('replaces what was there', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('first, and longer'))
      await store.put('a', Buffer.from('second'))
      expect((await collect(store.read('a'))).toString()).toBe('second')
    })

    it('refuses a taken key when asked to, and leaves it as it was', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('first'), { ifAbsent: true })
      const failure = await failureOf(store.put('a', Buffer.from('first'), { ifAbsent: true }))
      expect(failure).toMatchObject({ kind: 'permanent', code: 'PreconditionFailed' })
      expect(failure.subject).toContain('a')
      expect((await collect(store.read('a'))).toString()).toBe('first')
    })

    it('keeps the bytes of a writer that was told so, when several want one key', async () => {
      const store = await openEmpty()
      const texts = ['one', 'two', 'three', 'four']
      const results = await Promise.allSettled(texts.map((text) => store.put('a', Buffer.from(text), { ifAbsent: true })))
      const winners = texts.filter((_, index) => results[index]?.status === 'fulfilled')
      expect(winners).toContain((await collect(store.read('a'))).toString())
      if (atomicIfAbsent) expect(winners.length).toBe(1)
    })

    it('notes the time by the store’s clock', async () => {
      const store = await openEmpty()
      const before = Date.now()
      await store.put('a', Buffer.from('x'))
      const head = await store.head('a')
      // S3 keeps whole seconds.
      expect(head?.modifiedMs).toBeGreaterThanOrEqual(before - 1000)
      expect(head?.modifiedMs).toBeLessThanOrEqual(Date.now() + 1000)
    })

    it('finds nothing under a key that was never stored', async () => {
      const store = await openEmpty()
      await store.put('set/object', Buffer.from('x'))
      expect(await store.head('set/nothing')).toBeUndefined()
      expect(await store.head('set')).toBeUndefined()
      expect(await failureOf(collect(store.read('set/nothing')))).toMatchObject({ kind: 'permanent', code: 'NoSuchKey' })
      expect(await failureOf(collect(store.read('set')))).toMatchObject({ kind: 'permanent', code: 'NoSuchKey' })
    })
  })
}
