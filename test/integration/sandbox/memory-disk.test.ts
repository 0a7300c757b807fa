import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { start } from '../../../functions/platform/process/start.ts'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { freshDirectory } from '../../support/fresh-directory.ts'
import { firstLine, untilRemoved } from '../../support/processes.ts'

const fresh = freshDirectory()
const mounts = () => readFileSync('/proc/mounts', 'utf8')
const mebibyte = 1024 * 1024

// Only root may mount.
describe.runIf(process.getuid?.() === 0)('a primary whose files are in memory', () => {
  test("the primary's disk is as small as it is made, refuses rows then, and is unmounted at the end", async () => {
    const directory = fresh()
    const sandbox = await startSandbox({ directory, standby: false, pgbouncer: false, s3: false, primaryInMemory: true })
    const { primaryDisk } = sandbox.parts
    try {
      expect(mounts()).toContain(directory)
      await primaryDisk?.fillTo(8 * mebibyte)
      expect((await primaryDisk?.room())?.free).toBeLessThanOrEqual(8 * mebibyte)
      const fill = 'CREATE UNLOGGED TABLE big AS SELECT repeat(md5(i::text), 32) FROM generate_series(1, 20000) i'
      await expect(sandbox.psql(sandbox.primary.url(), fill)).rejects.toThrow('No space left on device')
      await primaryDisk?.clear()
      await sandbox.psql(sandbox.primary.url(), fill)
    } finally {
      await sandbox.stop()
    }
    expect(mounts()).not.toContain(directory)
  })

  test('it is unmounted when the process that mounted it is killed', async () => {
    const directory = fresh()
    const program = new URL('../../support/programs/hold-sandbox.ts', import.meta.url).pathname
    const { PATH = '', HOME = '', XDG_CACHE_HOME = '' } = process.env
    const holder = start({
      command: process.execPath,
      args: [program, directory, 'in-memory'],
      env: { PATH, HOME, XDG_CACHE_HOME },
    })
    await firstLine(holder.stdout)
    expect(mounts()).toContain(directory)
    holder.kill('SIGKILL')
    await expect(holder.done).rejects.toThrow('SIGKILL')
    expect(await untilRemoved(directory)).toBe(true)
    await vi.waitFor(() => expect(mounts()).not.toContain(directory), { timeout: 30_000 })
  })
})
