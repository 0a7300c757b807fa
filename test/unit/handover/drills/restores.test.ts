import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { bounded } from '../../../../handover/drills/restores.ts'

test('work that ends in time gives what it throws, and nothing else', async () => {
  await expect(bounded(async () => undefined, 60, undefined)).resolves.toBeUndefined()
  await expect(bounded(() => Promise.reject(new RangeError('x')), 60, undefined)).rejects.toThrow(RangeError)
})

test('work that was stopped and ends well all the same did not run to its end', async () => {
  const stop = new AbortController()
  const work = async () => stop.abort()
  await expect(bounded(work, 60, stop.signal)).rejects.toMatchObject({ code: 'Aborted' })
})

test('work that ignores its signal is left behind after the grace', async () => {
  const end = new AbortController()
  const work = () => sleep(60_000, undefined, { signal: end.signal })
  await expect(bounded(work, 0.01, undefined, 10)).rejects.toMatchObject({ code: 'TooLong' })
  end.abort()
})
