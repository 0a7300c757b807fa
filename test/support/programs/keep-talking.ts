/**
 * Talks over connections that stay open, and over ever new ones too where asked to, until its standard input ends; then prints as
 * JSON what was said and what was lost. Arguments: JSON of the connections, `[{ from, to, port }]`, and `anew` or nothing. Says
 * `ready` once all of them are open.
 */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

interface Way {
  from: string
  to: string
  port: number
}

/** What became of the talk. */
export interface Talk {
  /** Messages that came back, over each of the connections that stayed open. */
  kept: number[]
  /** Connections that were opened, used and closed. */
  anew: number
  /** What went wrong: must be empty. */
  lost: string[]
}

/** A message without its answer for so long is lost. */
const LOST_AFTER_MS = 20_000

const ways = JSON.parse(process.argv[2] ?? '[]') as Way[]
const talk: Talk = { kept: ways.map(() => 0), anew: 0, lost: [] }
let over = false

async function open({ from, to, port }: Way): Promise<Socket> {
  const socket = connect({ host: to, port, localAddress: from })
  await once(socket, 'connect', { signal: AbortSignal.timeout(LOST_AFTER_MS) })
  return socket
}

async function exchange(socket: Socket, message: string): Promise<void> {
  socket.write(message)
  const [echo] = (await once(socket, 'data', { signal: AbortSignal.timeout(LOST_AFTER_MS) })) as [Buffer]
  if (echo.toString() !== message) throw new Error(`'${message}' came back as '${echo}'`)
}

async function keep(socket: Socket, index: number): Promise<void> {
  for (let count = 1; !over; count++) {
    await exchange(socket, `message ${count}`)
    talk.kept[index] = count
  }
  socket.destroy()
}

async function renew(way: Way): Promise<void> {
  while (!over) {
    const socket = await open(way)
    await exchange(socket, 'hello')
    talk.anew += 1
    // Reset, so that no port is held back for a while.
    socket.resetAndDestroy()
  }
}

function noted(way: Way, talking: Promise<void>): Promise<void> {
  return talking.catch((error: unknown) => {
    talk.lost.push(`${way.from} to ${way.to}:${way.port}: ${error}`)
  })
}

const sockets = await Promise.all(ways.map(open))
process.stdin.resume().once('end', () => {
  over = true
})
process.stdout.write('ready\n')
await Promise.all([
  ...ways.map((way, index) => noted(way, keep(sockets[index] as Socket, index))),
  ...(process.argv[3] === 'anew' ? ways : []).map((way) => noted(way, renew(way))),
])
process.stdout.write(JSON.stringify(talk))
