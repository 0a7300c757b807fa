import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Lab } from '../../../functions/images/lab/lab.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { joinSockets } from './join-sockets.ts'

/** A port of a machine in the lab's network. */
export interface RelayedPort {
  address: string
  port: number
}

/** Ports of this host's loopback that lead into the lab's network. */
export interface Relay {
  /** The port of 127.0.0.1 that leads there. */
  portTo(target: RelayedPort): number
  close(): Promise<void>
}

const program = fileURLToPath(new URL('./relay-program.ts', import.meta.url))
const readyWithinMs = 20_000
const pollMs = 50

/**
 * Lets programs of this host reach machines of the lab: what comes to a port of loopback goes by a Unix socket to a program in
 * the lab's network, and from there on to the machine.
 */
export async function startRelay(
  { guard, network, directory }: Pick<Lab, 'guard' | 'network' | 'directory'>,
  targets: readonly RelayedPort[],
): Promise<Relay> {
  const path = (index: number): string => join(directory, `relay-${index}`)
  const words = targets.flatMap(({ address, port }, index) => [path(index), address, String(port)])
  const logFile = join(directory, 'relay.log')
  const log = await open(logFile, 'w')
  const { command, args } = network.inside(process.execPath, [program, ...words])
  guard.spawn(command, args, { env: {}, cwd: directory, output: log.fd, endSignal: 'SIGTERM' })
  await log.close()
  const clients = new Set<Socket>()
  const servers: Server[] = []
  for (const index of targets.keys()) {
    await untilListening(path(index), logFile)
    servers.push(await listenFor(path(index), clients))
  }
  return {
    portTo: ({ address, port }) => {
      const server = servers[targets.findIndex((one) => one.address === address && one.port === port)]
      if (server === undefined) throw new Error(`no relay leads to ${address}, port ${port}`)
      return (server.address() as AddressInfo).port
    },
    close: async () => {
      const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
      for (const client of clients) client.destroy()
      await Promise.all(closed)
    },
  }
}

/** Hands on what comes to a port of loopback to a Unix socket. */
async function listenFor(path: string, clients: Set<Socket>): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    clients.add(client)
    client.once('close', () => clients.delete(client))
    joinSockets(client, connect({ path, allowHalfOpen: true }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function untilListening(path: string, logFile: string): Promise<void> {
  const deadline = performance.now() + readyWithinMs
  while (performance.now() < deadline) {
    const socket = connect({ path })
    const answer = await Promise.race([
      once(socket, 'connect').then(
        () => true,
        () => false,
      ),
      sleep(readyWithinMs, false),
    ])
    socket.destroy()
    if (answer) return
    await sleep(pollMs)
  }
  const said = (await readFile(logFile, 'utf8')).trim()
  throw new Failure(`the relay into the lab's network is not ready: ${said || 'it wrote nothing'}`, {
    ...{ kind: 'permanent', subject: 'relay', hint: 'Read what it wrote above, and run this again.' },
  })
}
