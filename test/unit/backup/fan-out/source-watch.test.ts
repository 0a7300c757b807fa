import { expect, it } from 'vitest'
import { addCosts, overLimit } from '../../../../functions/backup/fan-out/source-watch.ts'

const limits = { durationSeconds: 100, snapshotAgeSeconds: 50, walHeldBytes: 1000 }
const times = { startedMs: 0, heldSinceMs: 10_000 }

it('a run holds its snapshot up to its limits, and names the one that it is over', () => {
  expect(overLimit(limits, times, { walHeldBytes: 1000 }, 60_000)).toBeUndefined()
  expect(overLimit(limits, times, { walHeldBytes: 1001 }, 60_000)?.message).toMatch(
    /1001 bytes of WAL.*backup\.limits\.walHeld/,
  )
  expect(overLimit(limits, times, { walHeldBytes: 0 }, 60_001)?.message).toMatch(/backup\.limits\.snapshotAge/)
  expect(overLimit({ ...limits, snapshotAgeSeconds: 500 }, times, { walHeldBytes: 0 }, 100_001)).toMatchObject({
    ...{ kind: 'permanent', code: 'OverLimit' },
    message: expect.stringMatching(/backup\.limits\.duration/),
  })
})

it('keeps the most of any time, and what is there now', () => {
  const first = addCosts({ walHeldBytes: '700', heldTransactions: 3, waiting: [{ table: 'a.b', pid: 7, seconds: 12 }] })
  expect(first).toMatchObject({ walHeldBytes: 700, mostWalHeldBytes: 700, longestWaitSeconds: 12 })
  expect(addCosts({ walHeldBytes: '5', heldTransactions: -1, waiting: [] }, first)).toEqual({
    ...{ walHeldBytes: 5, heldTransactions: 0, waiting: [], longestWaitSeconds: 12, mostWalHeldBytes: 700 },
  })
})
