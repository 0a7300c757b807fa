import { existsSync } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { type LocalServer, startLocalServer } from '../../../functions/platform/postgres/local-server.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { start } from '../../../functions/platform/process/start.ts'
import { findServerBinaries } from '../../../sandbox/binaries.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { allGone, firstLine, processesOf, untilRemoved } from '../../support/processes.ts'
import { wrapTools } from '../../support/wrapped-tools.ts'

const program = join(import.meta.dirname, '../../support/programs/hold-server.ts')
const directory = freshDirectory()
const pgBin = await findServerBinaries()
const tools = { initdb: join(pgBin, 'initdb'), postgres: join(pgBin, 'postgres') }

afterEach(() => vi.unstubAllEnvs())

function ask(server: LocalServer, sql: string): Promise<string> {
  const env = { PATH: '/usr/bin:/bin' }
  return run({ command: join(pgBin, 'psql'), args: ['-XAtc', sql, server.url()], env }).then(({ stdout }) => stdout.trim())
}

test('a server on its socket alone listens on no address, takes its settings, and goes with its directory', async () => {
  const settings = { shared_buffers: '16MB', application_name: "it's quoted" }
  const server = await startLocalServer({ tools, directory: directory(), listen: 'socket-only', settings, superuser: 'owner' })
  try {
    expect(await ask(server, "SELECT current_user, current_setting('listen_addresses')")).toBe('owner|')
    expect(await ask(server, "SELECT reset_val FROM pg_settings WHERE name = 'shared_buffers'")).toBe('2048')
    expect((await stat(server.socketDirectory)).mode & 0o077).toBe(0)
    expect(await server.logTail()).toContain('ready to accept connections')
    expect(server.running()).toBe(true)
  } finally {
    await server.stop()
  }
  expect(server.running()).toBe(false)
  expect(await processesOf(directory())).toEqual([])
  expect(existsSync(directory())).toBe(false)
})

test('a system that refuses shared memory is named, with what else can be done', async () => {
  // As a server says it where a sandbox lets nobody call shmget.
  const said = 'FATAL:  could not create shared memory segment: Operation not permitted'
  const detail = 'DETAIL:  Failed system call was shmget(key=1, size=56, 03600).'
  const scripts = { postgres: `echo '${said}' >&2; echo '${detail}' >&2; exit 1` }
  const wrapped = await wrapTools(`${directory()}-tools`, pgBin, scripts)
  const starting = startLocalServer({
    tools: { ...tools, postgres: join(wrapped, 'postgres') },
    ...{ directory: directory(), listen: 'socket-only' },
  })
  await expect(starting).rejects.toMatchObject({ code: 'NoSharedMemory', hint: expect.stringContaining('timers on a VM') })
  await rm(wrapped, { recursive: true })
})

test('the server sees nothing of our environment', async () => {
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'must-not-leak')
  vi.stubEnv('PGPASSWORD', 'must-not-leak')
  const server = await startLocalServer({ tools, directory: directory(), listen: 'socket-only', env: { TZ: 'UTC' } })
  try {
    const environment = await readFile(`/proc/${server.pid}/environ`, 'utf8')
    const names = environment.split('\0').map((entry) => entry.split('=')[0])
    expect(names).toContain('TZ')
    expect(names.filter((name) => name?.startsWith('AWS_') || name === 'PGPASSWORD' || name === 'HOME')).toEqual([])
    expect(environment).not.toContain('must-not-leak')
  } finally {
    await server.stop()
  }
})

test('SIGKILL of the process that started it ends the server and removes its directory', async () => {
  const { PATH = '' } = process.env
  const holder = start({ command: process.execPath, args: [program, directory()], env: { PATH } })
  expect(JSON.parse(await firstLine(holder.stdout)).pid).toBeGreaterThan(0)
  holder.kill('SIGKILL')
  await expect(holder.done).rejects.toThrow('SIGKILL')
  expect(await allGone(directory())).toBe(true)
  expect(await untilRemoved(directory())).toBe(true)
})

test('a setting that the server refuses is told in its own words, and nothing is left', async () => {
  const settings = { shared_buffers: 'plenty' }
  const starting = startLocalServer({ tools, directory: directory(), listen: 'socket-only', settings })
  await expect(starting).rejects.toThrow('invalid value for parameter "shared_buffers"')
  expect(existsSync(directory())).toBe(false)
})

test('a path too long for a Unix socket is refused before anything is made', async () => {
  const deep = join(directory(), 'x'.repeat(100))
  const starting = startLocalServer({ tools, directory: deep, listen: 'socket-only' })
  await expect(starting).rejects.toMatchObject({ kind: 'config', hint: expect.stringContaining('TMPDIR') })
})
