import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { run } from '../../../functions/platform/process/run.ts'
import { partitionOffset } from '../../../functions/platform/qemu/mounted-disk.ts'
import { mayBootMachines } from '../../support/booted-systemd.ts'
import { allGone, firstLine, untilRemoved } from '../../support/processes.ts'

const program = fileURLToPath(new URL('../../support/programs/hold-lab.ts', import.meta.url))
const mebibyte = 1024 * 1024

/** Files behind loop devices. */
async function loopFiles(): Promise<string[]> {
  const devices = (await readdir('/sys/block')).filter((name) => name.startsWith('loop'))
  return await Promise.all(devices.map((name) => readFile(`/sys/block/${name}/loop/backing_file`, 'utf8').catch(() => '')))
}

describe.runIf(mayBootMachines)('a program that holds a network and a mounted disk, and is killed', () => {
  let parent = ''
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'ballast-test-'))
  })
  afterEach(() => rm(parent, { recursive: true, force: true }))

  test('leaves no process, no mount, no loop device and no directory behind', async () => {
    const disk = join(parent, 'disk.raw')
    const held = join(parent, 'held')
    await writeFile(disk, '')
    await truncate(disk, 16 * mebibyte)
    const place = ['-E', `offset=${partitionOffset}`, disk, '15m']
    await run({ command: '/usr/sbin/mkfs.ext4', args: ['-q', '-F', ...place], env: {}, timeoutMs: 60_000 })

    const child = spawn(process.execPath, [program, held, disk], { stdio: ['ignore', 'pipe', 'inherit'] })
    await firstLine(child.stdout)
    expect((await loopFiles()).some((file) => file.startsWith(disk))).toBe(true)
    // Nobody else sees it mounted.
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(held)

    child.kill('SIGKILL')
    expect(await untilRemoved(held)).toBe(true)
    expect(await allGone(held)).toBe(true)
    expect(existsSync(held)).toBe(false)
    expect((await loopFiles()).some((file) => file.startsWith(disk))).toBe(false)
  })
})
