import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pipeline } from '../../../bench/measure/command.ts'
import { runMeasured, type Surroundings } from '../../../bench/measure/run-measured.ts'
import { type Guard, startGuard } from '../../../functions/platform/guard/guard.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { allGone, processesOf } from '../../support/processes.ts'

const env = { PATH: '/usr/bin:/bin' }
const node = (script: string) => ({ command: process.execPath, args: ['-e', script], env })

const directory = freshDirectory()
let guard: Guard
/** Stands in for a server that does nothing. */
let idle: ChildProcess
let around: Surroundings
let abort: AbortController

beforeEach(async () => {
  guard = startGuard()
  idle = spawn('/bin/sleep', ['600'], { stdio: 'ignore' })
  await once(idle, 'spawn')
  abort = new AbortController()
  await mkdir(directory())
  around = { guard, directory: directory(), postmaster: idle.pid ?? -1, storePids: [], signal: abort.signal }
})

afterEach(async () => {
  idle.kill('SIGKILL')
  await guard.release()
})

test('time, CPU time and memory of a command include its children', async () => {
  const grandchild = 'const kept = Buffer.alloc(150e6, 1); while (process.cpuUsage().user < 500e3) kept.fill(2)'
  const usage = await runMeasured(
    node(`require('node:child_process').spawnSync(process.execPath, ['-e', ${JSON.stringify(grandchild)}])`),
    around,
  )

  expect(usage.seconds).toBeGreaterThan(0)
  expect(usage.clientCpuSeconds).toBeGreaterThanOrEqual(0.4)
  expect(usage.busiestThreadSeconds).toBeGreaterThan(0)
  expect(usage.busiestThreadSeconds).toBeLessThanOrEqual(usage.clientCpuSeconds)
  expect(usage.peakRssBytes).toBeGreaterThan(150e6)
  expect(usage.serverCpuSeconds).toBe(0)
})

test('what the command prints is kept', async () => {
  expect((await runMeasured(pipeline('echo "$WORD" | tr a-z A-Z', { ...env, WORD: 'well' }), around)).output).toBe('WELL\n')
})

test.each(['false | cat', 'echo lost >&2; exit 3', 'kill -9 $$'])('"%s" is a failure, not a measurement', async (script) => {
  await expect(runMeasured(pipeline(script, env), around)).rejects.toMatchObject({ name: 'Failure', kind: 'permanent' })
})

test('a program that does not exist is a failure', async () => {
  await expect(runMeasured({ command: '/nowhere/tool', args: [], env }, around)).rejects.toMatchObject({ name: 'Failure' })
})

test('an interrupted pipeline ends with all of its parts', async () => {
  const running = runMeasured(pipeline('sleep 600 | sleep 600', env), around)
  const ended = expect(running).rejects.toMatchObject({ kind: 'transient' })
  await vi.waitFor(async () => expect(await processesOf(directory())).toHaveLength(3), 20_000)

  abort.abort(new Error('enough'))

  await ended
  expect(await allGone(directory())).toBe(true)
})
