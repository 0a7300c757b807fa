import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, expect, test } from 'vitest'
import { start } from '../../../functions/platform/process/start.ts'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { allGone, firstLine, processesOf, untilRemoved } from '../../support/processes.ts'

const program = join(import.meta.dirname, '../../support/programs/hold-sandbox.ts')
const fresh = freshDirectory()
let directory = ''

beforeEach(() => {
  directory = fresh()
})

test('stop leaves no process and no directory, and may be called twice', async () => {
  const sandbox = await startSandbox({ directory })
  expect((await processesOf(directory)).length).toBeGreaterThanOrEqual(4)

  await Promise.all([sandbox.stop(), sandbox.stop()])
  expect(await processesOf(directory)).toEqual([])
  expect(existsSync(directory)).toBe(false)
})

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('%s of its parent stops everything', async (signal) => {
  const holder = hold()
  const line = await firstLine(holder.stdout)
  expect(JSON.parse(line)).toMatchObject({ directory })

  holder.kill(signal)
  await expect(holder.done).rejects.toThrow(signal)
  expect(await allGone(directory)).toBe(true)
  expect(await untilRemoved(directory)).toBe(true)
})

test('SIGKILL of its parent at any moment of the start leaves nothing', async () => {
  for (const afterMs of [100, 400, 700, 1_000, 1_300, 1_600]) {
    const holder = hold()
    await sleep(afterMs)
    holder.kill('SIGKILL')
    await expect(holder.done).rejects.toThrow('SIGKILL')
    expect(await allGone(directory)).toBe(true)
    expect(await untilRemoved(directory)).toBe(true)
  }
})

test('an abort while it starts is a failure that leaves nothing', async () => {
  const abort = new AbortController()
  const starting = startSandbox({ directory, signal: abort.signal })
  setTimeout(() => abort.abort(), 300)
  await expect(starting).rejects.toThrow()
  expect(await processesOf(directory)).toEqual([])
  expect(existsSync(directory)).toBe(false)
})

test('parts that were not asked for are not started, and say so', async () => {
  const sandbox = await startSandbox({ directory, standby: false, pgbouncer: false, s3: false, databases: ['one', 'two'] })
  try {
    expect(await sandbox.psql(sandbox.primary.url('two'), 'SELECT current_database()')).toBe('two')
    expect(() => sandbox.standby).toThrow('started without its standby')
    expect(() => sandbox.pgbouncer).toThrow('started without its pgbouncer')
    expect(() => sandbox.s3).toThrow('started without its s3')
  } finally {
    await sandbox.stop()
  }
})

test('a directory that exists is refused and kept', async () => {
  await mkdir(directory)
  await writeFile(join(directory, 'mine'), 'kept')
  await expect(startSandbox({ directory })).rejects.toThrow('could not be made')
  expect(existsSync(join(directory, 'mine'))).toBe(true)
})

test('a missing server is named with the package that brings it', async () => {
  await expect(startSandbox({ directory, pgBin: '/nowhere' })).rejects.toMatchObject({
    kind: 'config',
    hint: expect.stringContaining('apt-get install postgresql'),
  })
})

function hold() {
  const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env
  return start({ command: process.execPath, args: [program, directory], env: { PATH, HOME, XDG_CACHE_HOME } })
}
