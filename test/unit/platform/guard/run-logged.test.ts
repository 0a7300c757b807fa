import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Guard, startGuard } from '../../../../functions/platform/guard/guard.ts'
import { type LoggedRun, runLogged } from '../../../../functions/platform/guard/run-logged.ts'

let guard: Guard
let directory = ''
beforeEach(async () => {
  guard = startGuard()
  directory = await mkdtemp(join(tmpdir(), 'ballast-test-'))
})
afterEach(async () => {
  await guard.release()
  await rm(directory, { recursive: true, force: true })
})

const shell = (script: string, more: Partial<LoggedRun> = {}) =>
  runLogged(guard, {
    ...{ command: '/bin/sh', args: ['-c', script], env: { PATH: '/usr/bin:/bin' }, cwd: directory, timeoutMs: 60_000 },
    ...{ log: join(directory, 'log') },
    ...more,
  })

test('every line is told, of both outputs, a letter that was cut in two among them', async () => {
  const lines: string[] = []
  await shell('echo one; echo two >&2; printf "\\303"; sleep 0.6; printf "\\251\\n"', { onLine: (line) => lines.push(line) })
  expect(lines).toEqual(['one', 'two', 'é'])
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('one\ntwo\né\n')
})

test('a log is continued, and what was in it is not told again', async () => {
  const lines: string[] = []
  await shell('echo one')
  await shell('echo two', { onLine: (line) => lines.push(line) })
  expect(lines).toEqual(['two'])
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('one\ntwo\n')
})

test('a program that fails is told with the end of its log', async () => {
  await expect(shell('echo no space left; exit 3')).rejects.toMatchObject({
    ...{ code: 'exit 3', message: expect.stringContaining('no space left') },
  })
})

test('one that is not there is a matter of the machine', async () => {
  await expect(shell('', { command: '/nowhere/program' })).rejects.toMatchObject({ code: 'exit 127' })
})

test('one that takes too long is stopped', async () => {
  await expect(shell('exec sleep 60', { timeoutMs: 300 })).rejects.toMatchObject({ kind: 'transient', code: 'TIMEOUT' })
})

test('the signal stops it', async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 300)
  await expect(shell('exec sleep 60', { signal: stop.signal })).rejects.toMatchObject({ code: 'Aborted' })
})
