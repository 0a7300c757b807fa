import { expect, test } from 'vitest'
import { mapConcurrently } from '../../../functions/archive/concurrent-map.ts'

async function* numbers(count: number, ended?: () => void) {
  try {
    for (let number = 0; number < count; number += 1) yield await Promise.resolve(number)
  } finally {
    ended?.()
  }
}

test('results keep the order of arrival, and no more than the limit are at work', async () => {
  let working = 0
  let most = 0
  const results = await mapConcurrently(numbers(50), 4, async (number) => {
    working += 1
    most = Math.max(most, working)
    for (let turn = 0; turn < 50 - number; turn += 1) await Promise.resolve()
    working -= 1
    return number * 2
  })
  expect(results).toEqual(Array.from({ length: 50 }, (_, number) => number * 2))
  expect(most).toBe(4)
})

test('the first failure ends it, when all that was begun has ended, and closes the source', async () => {
  let open = 0
  let closed = false
  const work = mapConcurrently(
    numbers(1000, () => (closed = true)),
    3,
    async (number) => {
      open += 1
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
      if (number === 5) throw new Error('five')
    },
  )
  await expect(work).rejects.toThrow('five')
  expect(open).toBe(0)
  expect(closed).toBe(true)
})

test('a source that fails is the failure', async () => {
  async function* broken() {
    yield await Promise.resolve(1)
    throw new Error('source')
  }
  await expect(mapConcurrently(broken(), 2, (number) => Promise.resolve(number))).rejects.toThrow('source')
})
