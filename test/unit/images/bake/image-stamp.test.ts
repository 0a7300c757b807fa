import { expect, test } from 'vitest'
import { buildDate, imageStamp } from '../../../../functions/images/bake/image-stamp.ts'

test('a moment is written as templates want it, and as they put it into the name', () => {
  const date = buildDate(Date.UTC(2026, 10, 26, 22, 0, 5, 999))
  expect(date).toBe('2026-11-26T22:00:05Z')
  expect(imageStamp(date)).toBe('20261126-220005')
})
