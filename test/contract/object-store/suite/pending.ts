import { describe, expect, it } from 'vitest'
import { all, patternBytes } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

export function describePending({ openEmpty, partBytes }: StoreCase): void {
  describe('pending uploads', () => {
    it('lists unfinished uploads under the prefix, and no objects', async () => {
      const store = await openEmpty()
      await store.put('set/object', Buffer.from('x'))
      const body = patternBytes(partBytes + 1)
      const uploads = ['set/one', 'set/two', 'other'].map((key) => store.upload(key))
      await Promise.all(uploads.map((upload) => upload.write(body)))
      const pending = await all(store.pendingUploads('set/'))
      expect(pending.map(({ key }) => key)).toEqual(['set/one', 'set/two'])
      for (const { startedMs, uploadId } of pending) {
        expect(Math.abs(startedMs - Date.now())).toBeLessThan(600_000)
        expect(uploadId).not.toBe('')
      }
      expect((await all(store.pendingUploads(''))).length).toBe(3)
      await Promise.all(uploads.map((upload) => upload.abort()))
      expect(await all(store.pendingUploads(''))).toEqual([])
    })

    it('ends one from outside: it never becomes an object', async () => {
      const store = await openEmpty()
      const upload = store.upload('set/one')
      await upload.write(patternBytes(2 * partBytes + 1))
      const [pending] = await all(store.pendingUploads('set/'))
      if (pending === undefined) throw new Error('No upload is pending')
      await store.abortUpload(pending)
      await store.abortUpload(pending)
      expect(await all(store.pendingUploads(''))).toEqual([])
      await failureOf(upload.finish())
      expect(await store.head('set/one')).toBeUndefined()
    })
  })
}
