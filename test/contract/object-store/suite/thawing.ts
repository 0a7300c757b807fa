import { describe, expect, it } from 'vitest'
import { all, patternBytes } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const options = { days: 1, tier: 'Standard' } as const

export function describeThawing({ openEmpty }: StoreCase): void {
  describe('thaw', () => {
    it('has nothing to do for an object that can be read, and nothing says that it is archived', async () => {
      const store = await openEmpty()
      await store.put('a', patternBytes(1000))
      expect(await store.thaw('a', options)).toBe('ready')
      expect(await store.head('a')).not.toHaveProperty('archived')
      const [page] = await all(store.list(''))
      expect(page?.objects).toHaveLength(1)
      expect(page?.objects[0]).not.toHaveProperty('archived')
    })

    it('of a missing object fails', async () => {
      const store = await openEmpty()
      expect(await failureOf(store.thaw('a', options))).toMatchObject({ kind: 'permanent', code: 'NoSuchKey' })
    })
  })
}
