import { toFailure } from '../failure.ts'
import { holdSecret } from '../secrets/held-secret.ts'
import { readSecret, type SecretReference } from '../secrets/read-secret.ts'
import type { AlertChannel, AlertSettings, SmtpSettings } from './settings.ts'
import type { Language } from './texts.ts'

/** A channel as the definition has it, with references in place of secrets. */
export type ChannelDefinition = { readonly name: string } & (
  | { readonly type: 'sns'; readonly topicArn: string }
  | { readonly type: 'slack'; readonly webhook: SecretReference }
  | { readonly type: 'pagerduty'; readonly routingKey: SecretReference; readonly region: 'us' | 'eu' }
  | { readonly type: 'webhook'; readonly url: string; readonly signingKey: SecretReference }
  | { readonly type: 'email'; readonly from: string; readonly to: readonly string[]; readonly smtp: SmtpDefinition | undefined }
)

interface SmtpDefinition extends Omit<SmtpSettings, 'login'> {
  readonly user: string | undefined
  readonly password: SecretReference | undefined
}

/** What the settings are made from: a part of the cluster's definition, which fits as it is. */
export interface AlertDefinition {
  readonly name: string
  readonly region: string
  readonly alerts: {
    readonly language: Language
    readonly channels: readonly ChannelDefinition[]
    readonly critical: readonly string[]
    readonly warning: readonly string[]
    readonly raiseAfter: number
    readonly outOf: number
    readonly remindEverySeconds: number
    readonly recovery: boolean
    readonly runbooks: string | undefined
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const pagerDutyEndpoints = { us: 'https://events.pagerduty.com', eu: 'https://events.eu.pagerduty.com' }

/**
 * The settings of a definition, with its secrets looked up. A channel whose secret cannot be read stays in its place and fails
 * when it is used: the others must not fall silent with it.
 */
export async function resolveAlertSettings(
  { name, region, alerts }: AlertDefinition,
  env: Environment,
): Promise<AlertSettings> {
  const { language, channels, critical, warning, raiseAfter, outOf, remindEverySeconds, recovery, runbooks } = alerts
  return {
    ...{ cluster: name, language, order: { critical, warning }, raiseAfter, outOf, remindEverySeconds, recovery, runbooks },
    channels: await Promise.all(
      channels.map((channel) =>
        resolveChannel(channel, region, env).catch((failure: unknown): AlertChannel => {
          return { type: 'unusable', name: channel.name, failure: toFailure(failure, `channel ${channel.name}`) }
        }),
      ),
    ),
  }
}

async function resolveChannel(channel: ChannelDefinition, region: string, env: Environment): Promise<AlertChannel> {
  const { name } = channel
  const held = async (ref: SecretReference) => holdSecret(await readSecret(ref, env))
  switch (channel.type) {
    case 'sns':
      return { type: 'sns', name, topicArn: channel.topicArn }
    case 'slack':
      return { type: 'slack', name, webhook: await held(channel.webhook) }
    case 'pagerduty':
      return {
        type: 'pagerduty',
        name,
        routingKey: await held(channel.routingKey),
        endpoint: pagerDutyEndpoints[channel.region],
      }
    case 'webhook':
      return { type: 'webhook', name, url: channel.url, signingKey: await held(channel.signingKey) }
    case 'email': {
      const { from, to, smtp } = channel
      if (smtp === undefined) return { type: 'email', name, from, to, region }
      const { user, password, ...server } = smtp
      const login = user === undefined || password === undefined ? undefined : { user, password: await held(password) }
      return { type: 'email', name, from, to, region, smtp: { ...server, login } }
    }
  }
}
