/** A socket that takes connections or datagrams. */
export interface ListeningSocket {
  protocol: 'tcp' | 'udp'
  /** As the system writes it: `127.0.0.1`, `0.0.0.0`, `[::]`, `*`. */
  address: string
  port: number
  /** Empty where it is not known: for a socket of the kernel's own, or of somebody whom only root may see. */
  program: string
  /** Of the first process that has it, where that is known. */
  pid: number | undefined
}

/** Asks for every socket that listens, TCP and UDP, with its program, with numbers and no heading. */
export const socketsCommand = ['ss', '-H', '-l', '-n', '-t', '-u', '-p'] as const

/** Reads what {@link socketsCommand} writes. */
export function readSockets(text: string): ListeningSocket[] {
  return text.split('\n').flatMap((line): ListeningSocket[] => {
    const [protocol, , , , local = '', , users = ''] = line.trim().split(/\s+/)
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? []
    const [, program = '', pid] = /^users:\(\("([^"]*)",pid=(\d+)/.exec(users) ?? []
    if ((protocol !== 'tcp' && protocol !== 'udp') || port === undefined) return []
    return [{ protocol, address, port: Number(port), program, pid: pid === undefined ? undefined : Number(pid) }]
  })
}

/** Whether only the machine itself reaches a socket at this address. */
export function isLoopbackSocket(address: string): boolean {
  return loopback.test(address)
}

const loopback = /^(127\.|\[::1\]|\[::ffff:127\.)|%lo$/

/** A port on which a machine takes what comes from other machines. */
export type OpenPort = Pick<ListeningSocket, 'protocol' | 'port'>

/** The ports of sockets that other machines can reach, each once, sorted. */
export function openPorts(sockets: readonly ListeningSocket[]): OpenPort[] {
  const reached = sockets.filter(({ address }) => !isLoopbackSocket(address))
  const once = new Map(reached.map(({ protocol, port }) => [`${protocol} ${port}`, { protocol, port }]))
  return [...once.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1))
}
