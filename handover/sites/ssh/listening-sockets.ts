import type { ListeningSocket } from '../site.ts'
import type { Remote } from './remote.ts'

/** What takes connections or datagrams on a machine. */
export async function listeningSockets({ run }: Remote, signal: AbortSignal): Promise<ListeningSocket[]> {
  return parseListening(await run(['ss', '-H', '-l', '-n', '-t', '-u', '-p'], { signal }))
}

/** Reads `ss -Hlntup`; a socket of the kernel's own has no program. */
export function parseListening(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line) => {
    const [protocol, , , , local = '', , users = ''] = line.trim().split(/\s+/)
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? []
    const [, program = ''] = /^users:\(\("([^"]*)"/.exec(users) ?? []
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined) return []
    return [{ protocol, address, port: Number(port), program }]
  })
}
