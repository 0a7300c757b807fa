import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers'
import { WebSocket } from 'k6/websockets'
import { socketsKept, socketsTried } from './measures.ts'

const pingEveryMs = 1_000
/** A connection that has not answered a ping for so long is not open, whatever it looks like. */
const silentMs = 5_000

/** Opens connections and holds them for so long, with a ping a second; those that are still open and answering then are kept. */
export function hold(url: string, sockets: number, seconds: number): void {
  for (let index = 0; index < sockets; index++) holdOne(url, seconds * 1_000)
}

function holdOne(url: string, forMs: number): void {
  socketsTried.add(1)
  const socket = new WebSocket(url)
  let answeredAt = 0
  let isEnding = false
  let pings: number | undefined
  const stop = () => {
    if (pings !== undefined) clearInterval(pings)
    pings = undefined
  }
  const end = setTimeout(() => {
    isEnding = true
    stop()
    if (answeredAt > Date.now() - silentMs) socketsKept.add(1)
    socket.close()
  }, forMs)
  socket.onopen = () => {
    pings = setInterval(() => socket.ping(), pingEveryMs)
  }
  socket.onpong = () => {
    answeredAt = Date.now()
  }
  const lose = () => {
    stop()
    if (!isEnding) clearTimeout(end)
  }
  socket.onerror = lose
  socket.onclose = lose
}
