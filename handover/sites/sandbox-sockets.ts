import { readlink } from 'node:fs/promises'
import { run } from '../../functions/platform/process/run.ts'
import type { ListeningSocket } from './site.ts'

/** What the programs of a sandbox listen on: all that work in its directory. */
export async function sandboxSockets(directory: string): Promise<ListeningSocket[]> {
  const { stdout } = await run({ command: '/usr/bin/ss', args: ['-H', '-l', '-n', '-t', '-u', '-p'], env: {} })
  const all = parseSockets(stdout)
  const own = await Promise.all(all.map(({ pid }) => worksIn(pid, directory)))
  return all.filter((_, index) => own[index]).map(({ pid: _, ...socket }) => socket)
}

/** Reads `ss -Hlntup`; what belongs to nobody that may be seen is left out. */
export function parseSockets(text: string): (ListeningSocket & { pid: number })[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = '', , users = ''] = line.trim().split(/\s+/)
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? []
    const [, program = '', pid] = /^users:\(\("([^"]*)",pid=(\d+)/.exec(users) ?? []
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined || pid === undefined) return []
    return [{ protocol, address, port: Number(port), program, pid: Number(pid) }]
  })
}

async function worksIn(pid: number, directory: string): Promise<boolean> {
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  return place === directory || place.startsWith(`${directory}/`)
}
