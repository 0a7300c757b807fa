import { statfs } from 'node:fs/promises'
import { freemem } from 'node:os'
import type { TestProject } from 'vitest/node'
import type { SandboxData } from '../../sandbox/data.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

declare module 'vitest' {
  interface ProvidedContext {
    sandbox: SandboxData
  }
}

const memory = '/dev/shm'
const tmpfsType = 0x01021994
const gigabyte = 1_000_000_000
/** What the servers of a whole run come to, twice; and what the tests beside them need as well. */
const [leastRoom, leastFree] = [8 * gigabyte, 12 * gigabyte]

/** Starts the sandbox that the project's tests share, and returns what stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if (process.env.BALLAST_SANDBOX_DIR === undefined && (await memoryIsPlenty())) process.env.BALLAST_SANDBOX_DIR = memory
  const sandbox = await startSandbox()
  project.provide('sandbox', sandbox.data)
  return () => sandbox.stop()
}

/**
 * Whether sandboxes, also those that tests start for themselves, can lie in memory. Every database that is made and dropped is
 * hundreds of files: ext4 without a journal looks through all inodes that were freed in the last minutes for each of them.
 */
async function memoryIsPlenty(): Promise<boolean> {
  const found = await statfs(memory).catch(() => undefined)
  return found?.type === tmpfsType && found.bavail * found.bsize >= leastRoom && freemem() >= leastFree
}
