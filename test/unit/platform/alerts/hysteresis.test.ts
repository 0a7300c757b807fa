import { expect, test } from 'vitest'
import { stands } from '../../../../functions/platform/alerts/hysteresis.ts'

/** What stands after each poll of a stream, as `!` and `-`. */
function follow(polls: string, raiseAfter: number, outOf: number): string {
  let up = false
  let shown = ''
  for (let index = 1; index <= polls.length; index += 1) {
    up = stands(polls.slice(0, index), up, { raiseAfter, outOf })
    shown += up ? '!' : '-'
  }
  return shown
}

test.each<[raiseAfter: number, outOf: number, polls: string, standing: string]>([
  // A single bad poll among good ones.
  [2, 3, '..w....w..', '----------'],
  // Two in a row, or two of three; two good ones in a row end it.
  [2, 3, '.ww...', '--!!--'],
  [2, 3, 'w.w...', '--!!--'],
  // What comes and goes stays one alert.
  [2, 3, 'w.w.w.w.w..', '--!!!!!!!!-'],
  // One is enough: it ends when the whole window is good, since the window would raise it again.
  [1, 1, '.c.c', '-!-!'],
  [1, 3, '.w...', '-!!!-'],
  // All of them.
  [3, 3, 'ww.www..w...', '-----!!!!!!-'],
  [3, 5, 'w.w.w......', '----!!!----'],
])('%i of %i: %s is %s', (raiseAfter, outOf, polls, standing) => {
  expect(follow(polls, raiseAfter, outOf)).toBe(standing)
})
