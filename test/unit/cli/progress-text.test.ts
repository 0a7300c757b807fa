import { expect, test } from 'vitest'
import { progressText, secondsLeft, shareDone } from '../../../cli/terminal/progress-text.ts'

const state = { phase: 'rows', doneBytes: 500_000_000, totalBytes: 2_000_000_000 }

test('bytes, rate and time left', () => {
  expect(progressText(state, 10)).toBe('rows: 500 MB of about 2.0 GB, 50.0 MB/s, about 30 s left')
})

test('nothing is guessed: not before there is something to go by, nor once the scale is passed', () => {
  expect(progressText({ ...state, doneBytes: 0 }, 10)).toBe('rows')
  expect(progressText(state, 0.5)).toBe('rows: 500 MB of about 2.0 GB')
  expect(progressText(state, 2)).toBe('rows: 500 MB of about 2.0 GB, 250 MB/s')
  expect(progressText({ ...state, totalBytes: 400_000_000 }, 10)).toBe('rows: 500 MB, 50.0 MB/s')
  expect(progressText({ phase: 'rows', doneBytes: 5 }, 10)).toBe('rows: 5 B, 1 B/s')
  expect(shareDone({ phase: 'rows', doneBytes: 0, totalBytes: 0 })).toBeUndefined()
})

test('at the end nothing is left', () => {
  expect(secondsLeft({ ...state, doneBytes: state.totalBytes }, 10)).toBe(0)
})
