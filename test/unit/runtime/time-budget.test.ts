import { expect, test } from 'vitest'
import { startTimeBudget, workEndMs } from '../../../functions/runtime/time-budget.ts'

test.each([
  ['only the definition limits it', undefined, 100, 100_000],
  ['it would be killed much later', 10_000_000, 100, 100_000],
  ['it would be killed before: a tenth is kept', 100_000, 1_000, 90_000],
  ['never more than a minute is kept', 900_000, 10_000, 840_000],
  ['it is late already', -5_000, 100, -5_000],
])('when work must end where %s', (_, deadlineMs, limitSeconds, endMs) => {
  expect(workEndMs(deadlineMs === undefined ? {} : { deadlineMs }, limitSeconds, 0)).toBe(endMs)
})

test('the signal fires when the time is used up, and says so', async () => {
  const budget = startTimeBudget({ deadlineMs: Date.now() + 50 }, 3600)
  await new Promise((resolve) => budget.signal.addEventListener('abort', resolve))
  expect(budget.signal.reason).toMatchObject({
    name: 'Failure',
    code: 'OutOfTime',
    hint: expect.stringContaining('systemd timer'),
  })
  expect(budget.secondsLeft()).toBe(0)
})

test('a budget longer than a timer can be is no budget that is used up at once', () => {
  const budget = startTimeBudget({}, 365 * 86_400)
  expect(budget.signal.aborted).toBe(false)
  expect(budget.secondsLeft()).toBeGreaterThan(360 * 86_400)
  budget.dispose()
})
