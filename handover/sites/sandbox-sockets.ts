import { readlink } from 'node:fs/promises'
import { run } from '../../functions/platform/process/run.ts'
import { type ListeningSocket, readSockets, socketsCommand } from './listening-sockets.ts'

/** What the programs of a sandbox listen on: all that work in its directory. */
export async function sandboxSockets(directory: string): Promise<ListeningSocket[]> {
  const [program, ...args] = socketsCommand
  const { stdout } = await run({ command: `/usr/bin/${program}`, args, env: {} })
  const all = parseSockets(stdout)
  const own = await Promise.all(all.map(({ pid }) => worksIn(pid, directory)))
  return all.filter((_, index) => own[index]).map(({ pid: _, ...socket }) => socket)
}

/** What belongs to nobody that may be seen is left out. */
export function parseSockets(text: string): (ListeningSocket & { pid: number })[] {
  return readSockets(text).flatMap(({ socket, pid }) => (pid === undefined ? [] : [{ ...socket, pid }]))
}

async function worksIn(pid: number, directory: string): Promise<boolean> {
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return place === directory || place.startsWith(`${directory}/`)
}
