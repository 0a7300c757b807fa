import type { ObjectStore } from '../../functions/platform/object-store/store.ts'

/** Lets as many readers read before the first of them writes, so that all but one write on what has changed. */
export function takingTurns(inner: ObjectStore, readers: number): ObjectStore {
  let waiting = readers
  const all = Promise.withResolvers<void>()
  let writing: Promise<unknown> = Promise.resolve()
  return {
    ...{ location: inner.location, upload: inner.upload, read: inner.read, head: inner.head, list: inner.list },
    ...{ delete: inner.delete, pendingUploads: inner.pendingUploads, abortUpload: inner.abortUpload, thaw: inner.thaw },
    close: () => undefined,
    readSmall: async (...args) => {
      const found = await inner.readSmall(...args)
      waiting -= 1
      if (waiting === 0) all.resolve()
      await all.promise
      return found
    },
    // versitygw looks at the condition and then stores: its writes must not overlap.
    put: (...args) => {
      const mine = writing.then(() => inner.put(...args))
      writing = mine.catch(() => undefined)
      return mine
    },
  }
}
