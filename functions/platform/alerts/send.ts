import type { Attempt, Delivery } from './channels/attempt.ts'
import type { AlertChannel } from './settings.ts'

/** One attempt to deliver through a channel; what only one kind of channel needs is loaded when it is used. */
export async function send(channel: AlertChannel, delivery: Delivery): Promise<Attempt> {
  switch (channel.type) {
    case 'slack':
      return await (await import('./channels/slack.ts')).sendToSlack(delivery, channel)
    case 'pagerduty':
      return await (await import('./channels/pagerduty.ts')).sendToPagerDuty(delivery, channel)
    case 'webhook':
      return await (await import('./channels/webhook.ts')).sendToWebhook(delivery, channel)
    case 'sns':
      return await (await import('./channels/sns.ts')).sendToSns(delivery, channel)
    case 'email': {
      const { smtp } = channel
      if (smtp === undefined) return await (await import('./channels/ses.ts')).sendThroughSes(delivery, channel)
      return await (await import('./channels/smtp.ts')).sendThroughSmtp(delivery, { ...channel, smtp })
    }
    case 'unusable':
      return { delivered: false, failure: channel.failure }
  }
}
