import type { HeldSecret } from '../../secrets/held-secret.ts'
import { type Attempt, channelFailure, type Delivery } from './attempt.ts'
import { postJson } from './post-json.ts'

const refusedHint = 'Make a new incoming webhook in Slack for the channel, and store its URL as the secret.'

/** Posts to an incoming webhook, whose URL is the secret. */
export async function sendToSlack(delivery: Delivery, { webhook }: { webhook: HeldSecret }): Promise<Attempt> {
  const url = webhook.reveal()
  if (!URL.canParse(url)) {
    const failure = channelFailure(delivery.channel, 'has a secret that is no URL', { kind: 'config', hint: refusedHint })
    return { delivered: false, failure }
  }
  const { title, text, runbook } = delivery.message
  const body = JSON.stringify({
    text: `*${escapeMarkup(title)}*\n${escapeMarkup(text)}`,
    // Nobody wants a picture of the runbook.
    ...(runbook === undefined ? {} : { unfurl_links: false }),
  })
  return await postJson(delivery, { url, body, refusedHint, secrets: [url, ...new URL(url).pathname.split('/')] })
}

/** As Slack asks for it in its "Formatting text" reference; nothing else is special. */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
