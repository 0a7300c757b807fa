import { expect, test } from 'vitest'
import { caseNames, isWhole, parseOptions } from '../../../bench/options.ts'

test('without options everything is measured at full size', () => {
  const options = parseOptions([])

  expect(options).toEqual({
    scale: 1,
    rounds: 3,
    cases: caseNames,
    memoryScales: [0.1, 1],
    output: undefined,
    render: false,
    help: false,
  })
  expect(isWhole(options)).toBe(true)
})

test('--only chooses by parts of names, in the usual order', () => {
  expect(parseOptions(['--only', 'verify', '--only', 'single']).cases).toEqual([
    'verify-mixed',
    'backup-single',
    'restore-single',
  ])
})

test.each([[['--scale', '0.05']], [['--rounds', '1']], [['--only', 'mixed']]])('%j is no whole run', (args) => {
  expect(isWhole(parseOptions(args))).toBe(false)
})

test.each([
  [['--scale', '0'], '--scale takes a number above 0, not "0"'],
  [['--scale', 'big'], '--scale takes a number above 0, not "big"'],
  [['--rounds', ''], '--rounds takes a number above 0, not ""'],
  [['--memory-scales', '1,x'], '--memory-scales takes a number above 0, not "x"'],
  [['--only', 'tape'], '--only tape matches no case'],
])('%j is refused', (args, message) => {
  expect(() => parseOptions(args)).toThrow(expect.objectContaining({ kind: 'config', message }))
})

test('an option that does not exist is refused by name', () => {
  expect(() => parseOptions(['--fast'])).toThrow(/--fast/)
})
