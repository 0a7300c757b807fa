import { createHash } from 'node:crypto'
import type { HeldSecret } from '../../secrets/held-secret.ts'
import type { AlertMessage } from '../compose.ts'
import type { Attempt, Delivery } from './attempt.ts'
import { postJson } from './post-json.ts'

const longestSummary = 1024
const longestDedupKey = 255

const refusedHint = 'Compare the secret with the integration key (Events API v2) of the service in PagerDuty.'

/** Triggers or resolves an incident (PagerDuty Events API v2); all events of one alert share a deduplication key. */
export async function sendToPagerDuty(
  delivery: Delivery,
  { routingKey, endpoint }: { routingKey: HeldSecret; endpoint: string },
): Promise<Attempt> {
  const key = routingKey.reveal()
  const { message } = delivery
  const resolves = message.type === 'recovery' || message.type === 'forgotten'
  const event = {
    routing_key: key,
    event_action: resolves ? 'resolve' : 'trigger',
    dedup_key: dedupKey(message),
    ...(resolves ? {} : triggered(message)),
  }
  const url = new URL('/v2/enqueue', endpoint).href
  return await postJson(delivery, { url, body: JSON.stringify(event), refusedHint, secrets: [key] })
}

function triggered({ cluster, name, subject, severity, title, summary, hint, text, sinceMs, runbook }: AlertMessage) {
  return {
    client: 'Ballast',
    payload: {
      summary: `${title}: ${summary}`.slice(0, longestSummary).toWellFormed(),
      ...{ source: cluster, severity, component: subject, class: name },
      timestamp: new Date(sinceMs).toISOString(),
      custom_details: { hint, text },
    },
    ...(runbook === undefined ? {} : { links: [{ href: runbook, text: 'Runbook' }] }),
  }
}

/** Other clusters may use the same integration. */
function dedupKey({ cluster, key }: AlertMessage): string {
  const plain = `ballast/${cluster}/${key}`
  return plain.length <= longestDedupKey ? plain : `ballast/${createHash('sha256').update(plain).digest('hex')}`
}
