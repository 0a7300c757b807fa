import type { Channel, Cluster } from '../../../config/cluster.ts'
import type { SecretRef } from '../../../config/secret.ts'
import type { AlertChannel, AlertSettings, SmtpSettings } from '../../platform/alerts/settings.ts'
import { toFailure } from '../../platform/failure.ts'
import { holdSecret } from '../../platform/secrets/held-secret.ts'
import { readSecret } from '../../platform/secrets/read-secret.ts'

type Environment = Readonly<Record<string, string | undefined>>

const pagerDutyEndpoints = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' }

/**
 * The alert settings of a definition, with its secrets looked up. A channel whose secret cannot be read stays in its place and
 * fails when it is used: the others must not fall silent with it.
 */
export async function alertSettings(
  { name, region, alerts }: Pick<Cluster, 'name' | 'region' | 'alerts'>,
  env: Environment,
): Promise<AlertSettings> {
  const { language, channels, critical, warning, raiseAfter, outOf, remindEverySeconds, recovery, runbooks } = alerts
  const resolve = (channel: Channel): Promise<AlertChannel> =>
    channelSettings(channel, region, env).catch((error: unknown) => {
      return { type: 'unusable', name: channel.name, failure: toFailure(error, `channel ${channel.name}`) }
    })
  return {
    ...{ cluster: name, language, raiseAfter, outOf, remindEverySeconds, recovery, runbooks },
    order: { critical, warning },
    channels: await Promise.all(channels.map(resolve)),
  }
}

async function channelSettings(channel: Channel, region: string, env: Environment): Promise<AlertChannel> {
  const { name } = channel
  const held = async (ref: SecretRef) => holdSecret(await readSecret(ref, env))
  switch (channel.type) {
    case 'sns':
      return { type: 'sns', name, topicArn: channel.topicArn }
    case 'slack':
      return { type: 'slack', name, webhook: await held(channel.webhook) }
    case 'pagerduty': {
      const endpoint = pagerDutyEndpoints[channel.region]
      return { type: 'pagerduty', name, routingKey: await held(channel.routingKey), endpoint }
    }
    case 'webhook':
      return { type: 'webhook', name, url: channel.url, signingKey: await held(channel.signingKey) }
    case 'email': {
      const { from, to, smtp } = channel
      return { type: 'email', name, from, to, region, ...(smtp && { smtp: await smtpSettings(smtp, held) }) }
    }
  }
}

type DefinedSmtp = NonNullable<Extract<Channel, { type: 'email' }>['smtp']>

async function smtpSettings(
  { user, password, ...server }: DefinedSmtp,
  held: (ref: SecretRef) => Promise<{ reveal(): string }>,
): Promise<SmtpSettings> {
  return user === undefined || password === undefined ? server : { ...server, login: { user, password: await held(password) } }
}
