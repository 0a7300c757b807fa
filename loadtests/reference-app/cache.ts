import { createClient } from '@redis/client'

const keptMs = 1_000
const connectWithinMs = 2_000
const reconnectAfterMs = 1_000

/** Keeps what is dear to compute for a second: in Redis where there is one, so that all instances share it, and here. */
export interface Cache {
  /** The kept value, or a new one; callers that come together share one computation. */
  through<T>(key: string, compute: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Where values are kept beyond this process. It may be away: then it has nothing and keeps nothing. */
interface Shared {
  get(key: string): Promise<string | undefined>
  set(key: string, text: string): Promise<void>
  close(): Promise<void>
}

const nothingShared: Shared = { get: async () => undefined, set: async () => {}, close: async () => {} }

export function openCache(redisUrl: string | undefined): Cache {
  const shared = redisUrl === undefined ? nothingShared : openRedis(redisUrl)
  const kept = new Map<string, { value: Promise<unknown>; untilMs: number }>()
  return {
    through: async <T>(key: string, compute: () => Promise<T>) => {
      for (const [old, { untilMs }] of kept) if (untilMs <= Date.now()) kept.delete(old)
      const found = kept.get(key)
      if (found !== undefined) return (await found.value) as T
      const value = sharedOrNew(shared, key, compute)
      kept.set(key, { value, untilMs: Date.now() + keptMs })
      // What failed is not kept: the next caller tries again.
      value.catch(() => kept.delete(key))
      return await value
    },
    close: () => shared.close(),
  }
}

async function sharedOrNew<T>(shared: Shared, key: string, compute: () => Promise<T>): Promise<T> {
  const text = await shared.get(key)
  if (text !== undefined) return JSON.parse(text) as T
  const value = await compute()
  await shared.set(key, JSON.stringify(value))
  return value
}

function openRedis(url: string): Shared {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: connectWithinMs, reconnectStrategy: reconnectAfterMs },
  })
  client.on('error', () => undefined)
  client.connect().catch(() => undefined)
  return {
    get: async (key) => (client.isReady ? ((await client.get(key).catch(() => null)) ?? undefined) : undefined),
    set: async (key, text) => {
      if (client.isReady) await client.set(key, text, { expiration: { type: 'PX', value: keptMs } }).catch(() => null)
    },
    close: async () => client.destroy(),
  }
}
