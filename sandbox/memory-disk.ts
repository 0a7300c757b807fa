import { mkdir, statfs } from 'node:fs/promises'
import { Failure } from '../functions/platform/failure.ts'
import type { Guard } from '../functions/platform/guard/guard.ts'
import { run } from '../functions/platform/process/run.ts'

/** A file system in memory, which can be made as small as a disk that is nearly full; what is not used of it takes no memory. */
export interface MemoryDisk {
  /** Bytes. */
  room(): Promise<{ total: number; free: number }>
  /** Makes it so small that so many bytes are left free. */
  fillTo(freeBytes: number): Promise<void>
  /** Gives it its first size again. */
  clear(): Promise<void>
}

const fullBytes = 4 * 1024 ** 3

/** Mounts one at a directory that is made here; undefined where this process may not mount. The guard unmounts it. */
export async function mountMemoryDisk(guard: Guard, directory: string): Promise<MemoryDisk | undefined> {
  if (process.getuid?.() !== 0) return undefined
  await mkdir(directory, { mode: 0o700 })
  guard.unmountAtEnd(directory)
  const options = `size=${fullBytes},mode=0700,nosuid,nodev,noexec`
  const refused = await mount(['-t', 'tmpfs', '-o', options, 'ballast-sandbox', directory]).then(
    () => undefined,
    (error: unknown) => error,
  )
  // Containers may keep even root from it.
  if (refused instanceof Failure) return undefined
  const resize = (bytes: number): Promise<unknown> => mount(['-o', `remount,size=${bytes}`, directory])
  const room = async () => {
    const { blocks, bavail, bsize } = await statfs(directory)
    return { total: blocks * bsize, free: bavail * bsize }
  }
  return {
    room,
    fillTo: async (freeBytes) => {
      const { total, free } = await room()
      await resize(total - free + freeBytes)
    },
    clear: async () => {
      await resize(fullBytes)
    },
  }
}

async function mount(args: readonly string[]): Promise<void> {
  await run({ command: '/usr/bin/mount', args, env: {} })
}
