import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { childrenOf, parseStat, parseStatusBytes, processStat, residentBytes } from '../../../bench/measure/process-stat.ts'

test('a stat line is read whatever the name of the process holds', () => {
  const line = '42 (a) b (c) S 1 42 42 0 -1 4194560 100 200 0 0 150 50 1200 300 20 0 7 0 98765 1000 200 18446744073709551615'

  expect(parseStat(line)).toEqual({ name: 'a) b (c', startedTicks: 98_765, cpuSeconds: 2, endedChildrenCpuSeconds: 15 })
})

test('memory is in bytes, and nothing where the process has ended', () => {
  expect(parseStatusBytes('Name:\tnode\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\n', 'VmRSS')).toBe(204_800)
  expect(parseStatusBytes('Name:\tnode\nState:\tZ (zombie)\n', 'VmRSS')).toBe(0)
})

test('a living child is found and measured, and one that has gone is nothing', async () => {
  const child = spawn('/bin/sleep', ['60'], { stdio: 'ignore' })
  const pid = child.pid ?? -1
  try {
    await once(child, 'spawn')
    expect(childrenOf(process.pid)).toContain(pid)
    expect(residentBytes(pid)).toBeGreaterThan(0)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  expect(processStat(pid)).toBeUndefined()
  expect(residentBytes(pid)).toBe(0)
  expect(childrenOf(pid)).toEqual([])
})
