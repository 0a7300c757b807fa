import { describe, expect, it } from 'vitest'
import { collect, patternBytes } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const size = 700_000

export function describeReading({ openEmpty }: StoreCase): void {
  describe('read', () => {
    it.each([
      ['the first byte', 0, 1],
      ['a middle', 300_000, 123_456],
      ['the last byte', size - 1, 1],
      ['all, asked for as a range', 0, size],
      ['nothing', 5, 0],
    ])('gives %s', async (_, offset, length) => {
      const store = await openEmpty()
      const body = patternBytes(size)
      await store.put('a', body)
      expect((await collect(store.read('a', { offset, length }))).equals(body.subarray(offset, offset + length))).toBe(true)
    })

    it('gives the rest from an offset', async () => {
      const store = await openEmpty()
      const body = patternBytes(size)
      await store.put('a', body)
      expect((await collect(store.read('a', { offset: size - 1000 }))).equals(body.subarray(size - 1000))).toBe(true)
    })

    it.each([
      ['ends behind the object', size - 10, 11],
      ['begins behind the object', size, 1],
      ['begins far behind the object', size * 2, undefined],
    ])('refuses a range that %s', async (_, offset, length) => {
      const store = await openEmpty()
      await store.put('a', patternBytes(size))
      const range = { offset, ...(length === undefined ? {} : { length }) }
      expect(await failureOf(collect(store.read('a', range)))).toMatchObject({ kind: 'permanent', code: 'InvalidRange' })
    })

    it('can be left in the middle, and the store still works', async () => {
      const store = await openEmpty()
      await store.put('a', patternBytes(size))
      for await (const chunk of store.read('a')) {
        expect(chunk.byteLength).toBeGreaterThan(0)
        break
      }
      expect((await collect(store.read('a'))).byteLength).toBe(size)
    })

    it('hands out chunks that stay as they are', async () => {
      const store = await openEmpty()
      const body = patternBytes(size)
      await store.put('a', body)
      const chunks: Uint8Array[] = []
      for await (const chunk of store.read('a')) chunks.push(chunk)
      expect(Buffer.concat(chunks).equals(body)).toBe(true)
    })
  })
}
