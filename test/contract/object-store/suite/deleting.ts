import { describe, expect, it } from 'vitest'
import { all } from '../../../support/bytes.ts'
import type { StoreCase } from './store-case.ts'

export function describeDeleting({ openEmpty }: StoreCase): void {
  describe('delete', () => {
    it('removes the named objects and no others', async () => {
      const store = await openEmpty()
      for (const key of ['a/1', 'a/2', 'a/3', 'b']) await store.put(key, Buffer.from(key))
      await store.delete(['a/1', 'a/3', 'a/never', 'never', 'a'])
      const [page] = await all(store.list(''))
      expect(page?.objects.map(({ key }) => key)).toEqual(['a/2', 'b'])
      await store.delete(['a/2'])
      expect(await all(store.list('', { delimiter: '/' }))).toMatchObject([{ prefixes: [], objects: [{ key: 'b' }] }])
    })

    it('removes nothing when nothing is named', async () => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('x'))
      await store.delete([])
      expect(await store.head('a')).toBeDefined()
    })

    it('takes more keys than one request can name', async () => {
      const store = await openEmpty()
      const missing = Array.from({ length: 1500 }, (_, index) => `never/${index}`)
      await store.put('last', Buffer.from('x'))
      await store.delete([...missing, 'last'])
      expect(await store.head('last')).toBeUndefined()
    })

    it('lets a deleted key be used again', async () => {
      const store = await openEmpty()
      await store.put('a/b', Buffer.from('x'))
      await store.delete(['a/b'])
      await store.put('a/b', Buffer.from('y'), { ifAbsent: true })
      expect(await store.head('a/b')).toMatchObject({ bytes: 1 })
    })
  })
}
