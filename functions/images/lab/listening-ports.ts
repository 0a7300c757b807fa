/** A port on which a machine takes what comes from other machines. */
export interface ListeningPort {
  protocol: 'tcp' | 'udp'
  port: number
}

/** Asks for every socket that listens, TCP and UDP, with numbers and no heading. */
export const listeningCommand = ['ss', '-H', '-l', '-n', '-t', '-u']

/** Whether only the machine itself reaches a socket at this address, as `ss` writes it. */
export function isLoopbackSocket(address: string): boolean {
  return loopback.test(address)
}

const loopback = /^(127\.|\[::1\]|\[::ffff:127\.)|%lo$/

/** Reads `ss`; sockets that only the machine itself can reach are left out, and each port is there once. */
export function parseListening(text: string): ListeningPort[] {
  const ports = text.split('\n').flatMap((line): ListeningPort[] => {
    const [protocol, , , , local = ''] = line.trim().split(/\s+/)
    const [, address = '', port] = /^(.*):(\d+)$/.exec(local) ?? []
    if (port === undefined || (protocol !== 'tcp' && protocol !== 'udp') || isLoopbackSocket(address)) return []
    return [{ protocol, port: Number(port) }]
  })
  const once = new Map(ports.map((one) => [`${one.protocol} ${one.port}`, one]))
  return [...once.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1))
}
