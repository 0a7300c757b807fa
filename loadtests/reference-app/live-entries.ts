import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

const tellEveryMs = 1_000
const mostConnections = 10_000
const largestMessage = 1_000
const goingAway = 1001
const tryLater = 1013

/** Tells everybody who is connected to `/live`, once a second, how many entries were booked. */
export function liveEntries(server: Server): { onBooked: () => void; close: () => void } {
  const sockets = new WebSocketServer({ server, path: '/live', maxPayload: largestMessage })
  let booked = 0
  sockets.on('connection', (socket: WebSocket) => {
    socket.on('error', () => socket.terminate())
    if (sockets.clients.size > mostConnections) socket.close(tryLater)
  })
  const timer = setInterval(() => {
    if (booked === 0) return
    const text = JSON.stringify({ booked })
    booked = 0
    for (const socket of sockets.clients) socket.send(text)
  }, tellEveryMs)
  return {
    onBooked: () => {
      booked++
    },
    close: () => {
      clearInterval(timer)
      for (const socket of sockets.clients) socket.close(goingAway)
      sockets.close()
    },
  }
}
