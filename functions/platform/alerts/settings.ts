import type { Failure } from '../failure.ts'
import type { HeldSecret } from '../secrets/held-secret.ts'
import type { AlertRules } from './hysteresis.ts'
import type { Severity } from './observation.ts'
import type { Language } from './texts.ts'

/** An SMTP server that mail goes through; always over TLS. */
export interface SmtpSettings {
  host: string
  port: number
  /** `implicit` is TLS from the first byte. */
  tls: 'starttls' | 'implicit'
  /** PEM file that the server's certificate is checked with; the system's own where it is left out. */
  rootCertificate?: string | undefined
  login?: { user: string; password: HeldSecret } | undefined
}

/** One way to tell people, with everything looked up that it takes. */
export type AlertChannel = { name: string } & (
  | { type: 'sns'; topicArn: string }
  | { type: 'slack'; webhook: HeldSecret }
  | {
      type: 'pagerduty'
      routingKey: HeldSecret /** `https://events.pagerduty.com`, or the one of their region. */
      endpoint: string
    }
  | { type: 'webhook'; url: string; signingKey: HeldSecret }
  /** Through Amazon SES in this region where there is no SMTP server. */
  | { type: 'email'; from: string; to: readonly string[]; smtp?: SmtpSettings | undefined; region: string }
  /** Its secret could not be looked up: the other channels are used all the same. */
  | { type: 'unusable'; failure: Failure }
)

/** Whom to tell, in what language, and how insistently. */
export interface AlertSettings extends AlertRules {
  /** Name of the cluster, in every message. */
  cluster: string
  language: Language
  channels: readonly AlertChannel[]
  /** Names of channels by severity: the next one is tried where delivery to one fails. */
  order: Readonly<Record<Severity, readonly string[]>>
  /** A message links this and the name of its alert. */
  runbooks?: string | undefined
}
