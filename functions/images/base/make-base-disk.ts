import { mkdir, open, readFile, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Failure } from '../../platform/failure.ts'
import { startGuard } from '../../platform/guard/guard.ts'
import { runLogged } from '../../platform/guard/run-logged.ts'
import { findProgram, programDirectories } from '../../platform/process/programs.ts'
import { run } from '../../platform/process/run.ts'
import { compressDisk } from '../../platform/qemu/disk-image.ts'
import { mountDisk, partitionOffset } from '../../platform/qemu/mounted-disk.ts'
import { type BaseRecipe, debstrapArgs } from './base-recipe.ts'

/** What making a base disk needs of this machine. */
export interface BaseTools {
  qemuImg: string
  /** Finds the other programs, and the way to the mirror where that leads through a proxy. */
  env: NodeJS.ProcessEnv
  signal?: AbortSignal | undefined
}

/** The master boot record's code: it starts the partition that is marked as active. */
const bootCode = '/usr/lib/syslinux/mbr/mbr.bin'
const bootCodeBytes = 440
const sectorBytes = 512
const minutes = 60_000
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/**
 * Makes a disk that boots, from Debian's packages: qcow2, one ext4 partition, no account that has a password.
 *
 * @param directory made here; takes what is needed on the way, about 2 GB.
 */
export async function makeBaseDisk(recipe: BaseRecipe, disk: string, directory: string, tools: BaseTools): Promise<void> {
  await requirePrograms(tools.env)
  const raw = join(directory, 'base.raw')
  await mkdir(directory, { mode: 0o755 })
  await makePartition(raw, recipe.diskBytes)
  const overlay = join(directory, 'overlay')
  await writeOverlay(overlay, recipe)
  const mountPoint = join(directory, 'root')
  await mkdir(mountPoint)
  const guard = startGuard()
  try {
    const mounted = await mountDisk(guard, raw, { at: mountPoint, readonly: false })
    const inside = { cwd: directory, log: join(directory, 'log'), signal: tools.signal }
    const debstrap = mounted.inside('mmdebstrap', debstrapArgs(recipe, overlay, mountPoint))
    await runLogged(guard, { ...inside, ...debstrap, env: { ...env, ...proxies(tools.env) }, timeoutMs: 30 * minutes })
    const bootLoader = mounted.inside('extlinux', ['--install', join(mountPoint, 'boot/extlinux')])
    await runLogged(guard, { ...inside, ...bootLoader, env, timeoutMs: minutes })
    await mounted.unmount()
  } finally {
    await guard.release()
  }
  await compressDisk(tools.qemuImg, { path: raw, format: 'raw' }, disk)
}

async function makePartition(raw: string, diskBytes: number): Promise<void> {
  await writeFile(raw, '', { flag: 'wx' })
  await truncate(raw, diskBytes)
  const table = Buffer.from(`label: dos\nstart=${partitionOffset / sectorBytes}, type=83, bootable\n`)
  await run({ command: '/usr/sbin/sfdisk', args: ['--quiet', raw], env, input: table, timeoutMs: minutes })
  const file = await open(raw, 'r+')
  try {
    await file.write(await readFile(bootCode), 0, bootCodeBytes, 0)
  } finally {
    await file.close()
  }
  // The boot loader, and the tools of older releases, do not know these two features.
  const features = ['-O', '^metadata_csum_seed,^orphan_file']
  const place = ['-E', `offset=${partitionOffset}`, raw, `${Math.floor((diskBytes - partitionOffset) / 1024)}k`]
  await run({
    command: '/usr/sbin/mkfs.ext4',
    args: ['-q', '-F', '-L', 'root', ...features, ...place],
    env,
    timeoutMs: minutes,
  })
}

async function writeOverlay(overlay: string, { files }: BaseRecipe): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(overlay, path)
    await mkdir(dirname(target), { recursive: true, mode: 0o755 })
    await writeFile(target, content, { mode: 0o644 })
  }
}

function proxies(given: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy']
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
}

async function requirePrograms(given: NodeJS.ProcessEnv): Promise<void> {
  const directories = await programDirectories(given)
  for (const program of ['mmdebstrap', 'extlinux', 'sfdisk', 'mkfs.ext4']) {
    if ((await findProgram(program, directories)) !== undefined) continue
    const hint = 'Run `tools/setup --images`, or name a disk to start from in images.builders.qemu.baseImage.'
    throw new Failure(`${program} is not installed: no base disk can be made`, { kind: 'config', subject: program, hint })
  }
}
