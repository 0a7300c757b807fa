import { join } from 'node:path'
import type { Guard } from '../guard/guard.ts'
import { run } from '../process/run.ts'
import { type CommandLine, startNamespace } from './namespace.ts'

/** A raw disk's file system, mounted where only we see it. */
export interface MountedDisk {
  /** Its root directory, for this process. */
  root: string
  /** The command line of a program that sees it mounted at the place asked for. */
  inside(command: string, args: readonly string[]): CommandLine
  /** Unmounts it; what was written is in the file then. */
  unmount(): Promise<void>
}

/** Where the one partition of our disks begins, in bytes. */
export const partitionOffset = 1024 * 1024

const withinMs = 60_000
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' }

/**
 * Mounts the partition of a raw disk in a mount namespace of its own, which ends with the guard: neither the mount nor the loop
 * device can stay behind.
 */
export async function mountDisk(
  guard: Guard,
  disk: string,
  { at, readonly }: { at: string; readonly: boolean },
): Promise<MountedDisk> {
  const { pid, inside, end } = await startNamespace(guard, 'mount')
  const options = [`loop,offset=${partitionOffset}`, readonly ? 'ro,noload' : 'rw,discard'].join(',')
  await run({ ...inside('mount', ['-t', 'ext4', '-o', options, disk, at]), env, timeoutMs: withinMs })
  return {
    root: join(`/proc/${pid}/root`, at),
    inside,
    unmount: async () => {
      await run({ ...inside('umount', [at]), env, timeoutMs: withinMs })
      await end()
    },
  }
}
