import { type ListeningSocket, readSockets, socketsCommand } from '../listening-sockets.ts'
import type { Remote } from './remote.ts'

/** What takes connections or datagrams on a machine. */
export async function listeningSockets({ run }: Remote, signal: AbortSignal): Promise<ListeningSocket[]> {
  return parseListening(await run(socketsCommand, { signal }))
}

/** Every socket, also the kernel's own. */
export function parseListening(text: string): ListeningSocket[] {
  return readSockets(text).map(({ socket }) => socket)
}
