import { connect, createServer } from 'node:net'
import { joinSockets } from './join-sockets.ts'

/**
 * A program of its own, for it runs in the lab's network: hands on what comes to a Unix socket, which is reached from
 * everywhere on this host, to an address that is not. Arguments: path, address and port, as often as wanted.
 */

const allowHalfOpen = true
const words = process.argv.slice(2)
for (let index = 0; index + 2 < words.length; index += 3) {
  const [path = '', host = '', port = ''] = words.slice(index, index + 3)
  const target = { host, port: Number(port), allowHalfOpen }
  createServer({ allowHalfOpen }, (client) => joinSockets(client, connect(target))).listen(path)
}
