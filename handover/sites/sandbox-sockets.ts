import { readlink } from 'node:fs/promises'
import { type ListeningSocket, readSockets, socketsCommand } from '../../functions/images/lab/listening-sockets.ts'
import { run } from '../../functions/platform/process/run.ts'

/** What the programs of a sandbox listen on: all that work in its directory. */
export async function sandboxSockets(directory: string): Promise<ListeningSocket[]> {
  const [program, ...args] = socketsCommand
  const { stdout } = await run({ command: `/usr/bin/${program}`, args, env: {} })
  const all = readSockets(stdout)
  const own = await Promise.all(all.map(({ pid }) => pid !== undefined && worksIn(pid, directory)))
  return all.filter((_, index) => own[index])
}

async function worksIn(pid: number, directory: string): Promise<boolean> {
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return place === directory || place.startsWith(`${directory}/`)
}
