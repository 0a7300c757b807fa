import { describe, expect, it } from 'vitest'
import type { ListOptions, ObjectStore } from '../../../../functions/platform/object-store/store.ts'
import type { StoreCase } from './store-case.ts'

const tree = ['a-b', 'a/1', 'a/2/x', 'a/2/y', 'a0', 'b/c/d/e', 'top']

export function describeListing({ openEmpty }: StoreCase): void {
  describe('list', () => {
    it('yields no object of an empty store or an unused prefix', async () => {
      const store = await openEmpty()
      expect(await listed(store, '')).toEqual({ keys: [], prefixes: [] })
      await store.put('a', Buffer.from('x'))
      expect(await listed(store, 'nothing/')).toEqual({ keys: [], prefixes: [] })
    })

    it('lists every key in the order of its bytes, with size and time', async () => {
      const store = await openEmpty()
      await fill(store, tree)
      expect(await listed(store, '')).toEqual({ keys: tree, prefixes: [] })
      for await (const { objects } of store.list('a/')) {
        expect(objects.map(({ bytes }) => bytes)).toEqual([3, 5, 5])
        expect(objects.every(({ modifiedMs }) => modifiedMs > 0)).toBe(true)
      }
    })

    it.each<[string, ListOptions, string[], string[]]>([
      ['a', {}, ['a-b', 'a/1', 'a/2/x', 'a/2/y', 'a0'], []],
      ['a/', {}, ['a/1', 'a/2/x', 'a/2/y'], []],
      ['a/2/x', {}, ['a/2/x'], []],
      ['', { delimiter: '/' }, ['a-b', 'a0', 'top'], ['a/', 'b/']],
      ['a', { delimiter: '/' }, ['a-b', 'a0'], ['a/']],
      ['a/', { delimiter: '/' }, ['a/1'], ['a/2/']],
      ['a/2', { delimiter: '/' }, [], ['a/2/']],
      ['b/', { delimiter: '/' }, [], ['b/c/']],
      ['b/c/d/e/', { delimiter: '/' }, [], []],
      ['', { startAfter: 'a/1' }, ['a/2/x', 'a/2/y', 'a0', 'b/c/d/e', 'top'], []],
      ['', { startAfter: 'a/2/x' }, ['a/2/y', 'a0', 'b/c/d/e', 'top'], []],
      ['a/', { startAfter: 'a/15' }, ['a/2/x', 'a/2/y'], []],
      ['', { delimiter: '/', startAfter: 'a0' }, ['top'], ['b/']],
      ['', { startAfter: 'zzz' }, [], []],
    ])('under "%s" with %o', async (prefix, options, keys, prefixes) => {
      const store = await openEmpty()
      await fill(store, tree)
      expect(await listed(store, prefix, options)).toEqual({ keys, prefixes })
    })

    it('goes on over more pages than one, of objects and of prefixes', async () => {
      const store = await openEmpty()
      const keys = Array.from({ length: 1100 }, (_, index) => `set-${String(index).padStart(4, '0')}/manifest.json`)
      await fill(store, keys)
      expect((await listed(store, '')).keys).toEqual(keys)
      const prefixes = keys.map((key) => key.slice(0, -'manifest.json'.length))
      expect(await listed(store, '', { delimiter: '/' })).toEqual({ keys: [], prefixes })
      expect((await listed(store, 'set-', { startAfter: 'set-1050/manifest.json' })).keys).toEqual(keys.slice(1051))
    })
  })
}

async function fill(store: ObjectStore, keys: readonly string[]): Promise<void> {
  const concurrency = 16
  for (let at = 0; at < keys.length; at += concurrency) {
    await Promise.all(keys.slice(at, at + concurrency).map((key) => store.put(key, Buffer.from(key))))
  }
}

async function listed(
  store: ObjectStore,
  prefix: string,
  options: ListOptions = {},
): Promise<{ keys: string[]; prefixes: string[] }> {
  const keys: string[] = []
  const prefixes: string[] = []
  for await (const page of store.list(prefix, options)) {
    expect(page.objects.length + page.prefixes.length).toBeLessThanOrEqual(1000)
    keys.push(...page.objects.map(({ key }) => key))
    prefixes.push(...page.prefixes)
  }
  return { keys, prefixes }
}
