import { listeningCommand } from '../../functions/images/lab/listening-ports.ts'

/** A socket that takes connections or datagrams. */
export interface ListeningSocket {
  protocol: 'tcp' | 'udp'
  /** As the system writes it: `127.0.0.1`, `0.0.0.0`, `[::]`, `*`. */
  address: string
  port: number
  /** Empty where it is not known: for a socket of the kernel's own, or of somebody whom only root may see. */
  program: string
}

/** A socket with the process that listens on it, where that is known. */
export interface OwnedSocket {
  socket: ListeningSocket
  pid: number | undefined
}

/** Asks for them, with their programs. */
export const socketsCommand = ['ss', ...listeningCommand.slice(1), '-p'] as const

/** Reads what {@link socketsCommand} writes. */
export function readSockets(text: string): OwnedSocket[] {
  return text.split('\n').flatMap((line): OwnedSocket[] => {
    const [protocol, , , , local = '', , users = ''] = line.trim().split(/\s+/)
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? []
    const [, program = '', pid] = /^users:\(\("([^"]*)",pid=(\d+)/.exec(users) ?? []
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined) return []
    return [{ socket: { protocol, address, port: Number(port), program }, pid: pid === undefined ? undefined : Number(pid) }]
  })
}
