import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a team's own system would be told of an alert. */
export interface ReceivedAlert {
  /** `raise`, `recovery`. */
  type: string
  title: string
}

/** An HTTP server on loopback that takes alerts as a webhook does. */
export interface AlertReceiver {
  readonly url: string
  readonly alerts: readonly ReceivedAlert[]
  stop(): Promise<void>
}

export async function startAlertReceiver(): Promise<AlertReceiver> {
  const alerts: ReceivedAlert[] = []
  const server = createServer(async (request, answer) => {
    alerts.push(JSON.parse(await text(request)) as ReceivedAlert)
    answer.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the receiver of alerts has no port')
  return {
    url: `http://127.0.0.1:${address.port}/alerts`,
    alerts,
    stop: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
