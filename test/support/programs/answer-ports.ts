/**
 * Answers what it is sent, over IPv4 and IPv6, until its standard input ends; says `ready` once all ports are open.
 * Arguments: TCP ports and UDP ports, each a list with commas.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'

const [tcp = [], udp = []] = process.argv.slice(2).map((list) => list.split(',').filter(Boolean).map(Number))

for (const port of tcp) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
    socket.unref()
  })
  await once(server.listen({ port, host: '::' }), 'listening')
  server.unref()
}
for (const port of udp) {
  const socket = createSocket('udp6')
  socket.on('message', (message, { port: senderPort, address }) => socket.send(message, senderPort, address))
  socket.bind({ port, address: '::' })
  await once(socket, 'listening')
  socket.unref()
}
process.stdout.write('ready\n')
// Nothing else keeps it.
process.stdin.resume()
