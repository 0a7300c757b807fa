import { existsSync } from 'node:fs'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

const goneWithinMs = 60_000
const pollMs = 50

/** Processes that work in, or were started with, a path below this directory; zombies do not count. */
export async function processesOf(directory: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(pids.map(async (pid) => ((await belongs(pid, directory)) ? pid : undefined)))
  return found.filter((pid) => pid !== undefined && pid !== process.pid) as number[]
}

/** Resolves with true once no process belongs to the directory, with false when that takes too long. */
export function allGone(directory: string): Promise<boolean> {
  return eventually(async () => (await processesOf(directory)).length === 0)
}

/** Resolves with true once there is no such directory, with false when that takes too long. */
export function untilRemoved(directory: string): Promise<boolean> {
  return eventually(async () => !existsSync(directory))
}

/** The first line that a program prints; fails when it ends without one. */
export async function firstLine(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) return line
  throw new Error('the program ended without printing a line')
}

async function eventually(check: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + goneWithinMs
  while (performance.now() < deadline) {
    if (await check()) return true
    await sleep(pollMs)
  }
  return false
}

async function belongs(pid: number, directory: string): Promise<boolean> {
  const [command, workingDirectory] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ])
  return command.includes(directory) || workingDirectory.startsWith(directory)
}
