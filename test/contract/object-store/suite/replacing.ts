import { describe, expect, it } from 'vitest'
import { smallObjectBytes } from '../../../../functions/platform/object-store/store.ts'
import { patternBytes } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const changed = { kind: 'permanent', code: 'PreconditionFailed' }

export function describeReplacing({ openEmpty, atomicIfAbsent }: StoreCase): void {
  describe('replacing a version', () => {
    it('reads a small object whole, with a version that follows its contents', async () => {
      const store = await openEmpty()
      expect(await store.readSmall('state/one.json')).toBeUndefined()
      await store.put('state/one.json', Buffer.from('first'))
      const first = await store.readSmall('state/one.json')
      expect(Buffer.from(first?.bytes ?? []).toString()).toBe('first')
      expect((await store.readSmall('state/one.json'))?.version).toBe(first?.version)
      await store.put('state/one.json', Buffer.from('second'))
      expect((await store.readSmall('state/one.json'))?.version).not.toBe(first?.version)
    })

    it('replaces what was read, again and again', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('0'))
      for (let count = 1; count <= 3; count += 1) {
        const { version = '' } = (await store.readSmall('a')) ?? {}
        await store.put('a', Buffer.from(String(count)), { ifVersion: version })
      }
      expect(Buffer.from((await store.readSmall('a'))?.bytes ?? []).toString()).toBe('3')
    })

    it('refuses when the object has changed since, and leaves it as it is', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('first'))
      const { version = '' } = (await store.readSmall('a')) ?? {}
      await store.put('a', Buffer.from('somebody else'))
      const failure = await failureOf(store.put('a', Buffer.from('mine'), { ifVersion: version }))
      expect(failure).toMatchObject(changed)
      expect(failure.subject).toContain('a')
      expect(Buffer.from((await store.readSmall('a'))?.bytes ?? []).toString()).toBe('somebody else')
    })

    it('refuses when the object is gone', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('first'))
      const { version = '' } = (await store.readSmall('a')) ?? {}
      await store.delete(['a'])
      expect(await failureOf(store.put('a', Buffer.from('mine'), { ifVersion: version }))).toMatchObject(changed)
      expect(await store.readSmall('a')).toBeUndefined()
    })

    it('lets one of several writers through, and counts nothing twice', { timeout: 60_000 }, async () => {
      const store = await openEmpty()
      const texts = ['one', 'two', 'three', 'four', 'five', 'six']
      // One round in three showed a writer that came between another's steps.
      for (let round = 0; round < (atomicIfAbsent ? 100 : 5); round += 1) {
        await store.put('a', Buffer.from(`round ${round}`))
        const { version = '' } = (await store.readSmall('a')) ?? {}
        const results = await Promise.allSettled(texts.map((text) => store.put('a', Buffer.from(text), { ifVersion: version })))
        const winners = texts.filter((_, index) => results[index]?.status === 'fulfilled')
        expect(winners).toContain(Buffer.from((await store.readSmall('a'))?.bytes ?? []).toString())
        if (atomicIfAbsent) expect(winners.length).toBe(1)
      }
    })

    it('does not read what is no small object', async () => {
      const store = await openEmpty()
      await store.put('a', patternBytes(smallObjectBytes))
      expect((await store.readSmall('a'))?.bytes.byteLength).toBe(smallObjectBytes)
      await store.put('a', patternBytes(smallObjectBytes + 1))
      expect(await failureOf(store.readSmall('a'))).toMatchObject({ kind: 'permanent', code: 'TooLarge' })
    })
  })
}
