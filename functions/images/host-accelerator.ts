import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cluster } from '../../config/index.ts'
import { cacheDirectory } from '../platform/cache-directory.ts'
import { chooseAccelerator } from '../platform/qemu/accelerator.ts'
import type { Accelerator } from '../platform/qemu/guest-args.ts'

/** What guests of this definition run on, on this host. */
export async function hostAccelerator(
  { images: { builders } }: Cluster,
  { qemu, disk, env, signal }: { qemu: string; disk: string; env: NodeJS.ProcessEnv; signal?: AbortSignal | undefined },
): Promise<Accelerator> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-probe-'))
  try {
    const memory = join(cacheDirectory(env), 'images', 'accelerator')
    return await chooseAccelerator(builders.qemu.accelerator, { qemu, disk, directory, memory, signal })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
