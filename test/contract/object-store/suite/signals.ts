import { describe, expect, it } from 'vitest'
import { Failure } from '../../../../functions/platform/failure.ts'
import type { ObjectStore } from '../../../../functions/platform/object-store/store.ts'
import { all, collect, patternBytes } from '../../../support/bytes.ts'
import { failureOf } from '../../../support/failures.ts'
import type { StoreCase } from './store-case.ts'

const calls: [name: string, call: (store: ObjectStore, signal: AbortSignal) => Promise<unknown>][] = [
  ['put', (store, signal) => store.put('b', Buffer.from('x'), { signal })],
  ['upload', (store, signal) => store.upload('b', { signal }).finish()],
  ['read', (store, signal) => collect(store.read('a', { signal }))],
  ['head', (store, signal) => store.head('a', signal)],
  ['list', (store, signal) => all(store.list('', { signal }))],
  ['delete', (store, signal) => store.delete(['a'], signal)],
  ['pendingUploads', (store, signal) => all(store.pendingUploads('', signal))],
  ['abortUpload', (store, signal) => store.abortUpload({ key: 'a', uploadId: 'u', startedMs: 0 }, signal)],
]

export function describeSignals({ openEmpty, partBytes }: StoreCase): void {
  describe('signals', () => {
    it.each(calls)('%s does nothing once its signal has fired', async (_, call) => {
      const store = await openEmpty()
      await store.put('a', Buffer.from('kept'))
      expect(await failureOf(call(store, AbortSignal.abort()))).toMatchObject({ kind: 'transient', code: 'Aborted' })
      expect(await store.head('a')).toBeDefined()
      expect(await store.head('b')).toBeUndefined()
    })

    it('ends with the Failure that the signal carries', async () => {
      const store = await openEmpty()
      const reason = new Failure('The deadline came', { kind: 'transient', subject: 'run', code: 'Deadline', hint: 'Wait.' })
      expect(await failureOf(store.put('a', Buffer.from('x'), { signal: AbortSignal.abort(reason) }))).toBe(reason)
    })

    it('stops an upload between writes and leaves nothing', async () => {
      const store = await openEmpty()
      const stop = new AbortController()
      const upload = store.upload('a', { signal: stop.signal })
      await upload.write(patternBytes(2 * partBytes + 1))
      stop.abort()
      expect(await failureOf(upload.write(patternBytes(2 * partBytes)))).toMatchObject({ code: 'Aborted' })
      expect(await failureOf(upload.finish())).toMatchObject({ code: 'Aborted' })
      await upload.abort()
      expect(await store.head('a')).toBeUndefined()
      expect(await all(store.pendingUploads(''))).toEqual([])
    })

    it('stops a read between chunks', async () => {
      const store = await openEmpty()
      await store.put('a', patternBytes(3_000_000))
      const stop = new AbortController()
      const reading = async () => {
        for await (const _ of store.read('a', { signal: stop.signal })) stop.abort()
      }
      expect(await failureOf(reading())).toMatchObject({ kind: 'transient', code: 'Aborted' })
    })
  })
}
