import { describe, expect, it } from 'vitest'
import { collect } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const unusualKeys = [
  'with space/and more',
  'plus+sign',
  'per%20cent %2F %',
  `quotes "double" 'single' \`back\``,
  'umlaut-ä-ç-ã/日本語/🦀',
  'question?mark&amp;amp=hash#tilde~',
  'brackets[1]{2}(3)<4>',
  'star*dollar$comma,semi;colon:at@pipe|caret^back\\slash',
  '.hidden/..two-dots-first/three...dots',
  `long/${'x'.repeat(200)}`,
]

const badKeys = [
  '',
  '/leading',
  'trailing/',
  'double//slash',
  '../escape',
  'a/../../escape',
  'a/./b',
  '..',
  'new\nline',
  'nul\0',
  '\ud800',
]

export function describeKeys({ openEmpty }: StoreCase): void {
  describe('keys', () => {
    it.each(unusualKeys)('keeps an object under %s', async (key) => {
      const store = await openEmpty()
      await store.put(key, Buffer.from(key))
      expect((await collect(store.read(key))).toString()).toBe(key)
      expect(await store.head(key)).toMatchObject({ key, bytes: Buffer.byteLength(key) })
      const keys: string[] = []
      for await (const page of store.list('')) keys.push(...page.objects.map((object) => object.key))
      expect(keys).toEqual([key])
      await store.delete([key])
      expect(await store.head(key)).toBeUndefined()
    })

    it('sorts by bytes of UTF-8, not by units of UTF-16', async () => {
      const store = await openEmpty()
      for (const key of ['🦀', '\uffee', 'é', 'z', 'Z']) await store.put(key, Buffer.from('x'))
      const keys: string[] = []
      for await (const page of store.list('')) keys.push(...page.objects.map((object) => object.key))
      expect(keys).toEqual(['Z', 'z', 'é', '\uffee', '🦀'])
    })

    it.each([...badKeys, 'x'.repeat(1025)])('refuses the key %j', async (key) => {
      const store = await openEmpty()
      const refused = { kind: 'config', code: 'BadKey' }
      expect(await failureOf(store.put(key, Buffer.from('x')))).toMatchObject(refused)
      expect(await failureOf(collect(store.read(key)))).toMatchObject(refused)
      expect(await failureOf(store.head(key))).toMatchObject(refused)
      expect(await failureOf(store.delete([key]))).toMatchObject(refused)
      expect(await failureOf(Promise.resolve().then(() => store.upload(key).finish()))).toMatchObject(refused)
    })
  })
}
