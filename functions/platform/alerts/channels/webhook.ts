import { createHmac } from 'node:crypto'
import type { HeldSecret } from '../../secrets/held-secret.ts'
import type { AlertMessage } from '../compose.ts'
import type { Attempt, Delivery } from './attempt.ts'
import { postJson } from './post-json.ts'

const refusedHint =
  "Look into the receiver's log: it refuses the message (a wrong signing key, a clock that is off, a wrong path)."

/** Posts to a receiver of the team's own, signed as the Standard Webhooks specification (1.0) has it. */
export async function sendToWebhook(
  delivery: Delivery,
  { url, signingKey }: { url: string; signingKey: HeldSecret },
): Promise<Attempt> {
  const key = signingKey.reveal()
  const body = JSON.stringify(webhookBody(delivery.id, delivery.message))
  const timestamp = Math.floor(Date.now() / 1000)
  const headers = {
    'webhook-id': delivery.id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': sign(key, delivery.id, timestamp, body),
  }
  return await postJson(delivery, { url, body, headers, refusedHint, secrets: [key, url] })
}

/** The value of `webhook-signature`: HMAC-SHA-256 over id, time (seconds since the epoch) and body. */
export function sign(key: string, id: string, timestamp: number, body: string): string {
  // Keys that the specification's own tools make are base64 after this prefix; any other is taken as it is.
  const bytes = key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key)
  return `v1,${createHmac('sha256', bytes).update(`${id}.${timestamp}.${body}`).digest('base64')}`
}

function webhookBody(id: string, { sinceMs, atMs, ...message }: AlertMessage) {
  return { format: 1, id, ...message, since: new Date(sinceMs).toISOString(), at: new Date(atMs).toISOString() }
}
