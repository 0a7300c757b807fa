import { expect, test } from 'vitest'
import { roomBytes } from '../../../../handover/drills/disk-filling/room-bytes.ts'

const step = 8 * 1024 * 1024

test.each([80e6, 1e9, 100e9, 2e12])('with %d bytes on it the disk is well at first, and is not after a few steps', (taken) => {
  const room = roomBytes(taken, 15, step)
  const freePercent = (steps: number): number => ((room - steps * step) / (taken + room)) * 100
  expect(freePercent(0)).toBeGreaterThan(15)
  expect(freePercent(30)).toBeLessThan(15)
  // There is room for the polls that it takes to tell people, and for a step after that.
  const firstBad = Array.from({ length: 31 }, (_, steps) => steps).find((steps) => freePercent(steps) < 15) ?? 0
  expect(room - (firstBad + 4) * step).toBeGreaterThan(0)
})
