import { flag, integer, optional, preset, text } from './leaf.ts'
import { seconds } from './quantity.ts'
import { secretRef } from './secret-fields.ts'
import { list, oneOf, section, typeTag, variant } from './section.ts'
import { absolutePath, email, hostName, slug, url } from './texts.ts'

const sns = section({
  type: typeTag('sns'),
  name: slug('ops-topic'),
  topicArn: text({
    example: 'arn:aws:sns:sa-east-1:123456789012:ballast',
    is: 'the ARN of an SNS topic',
    matches: (raw) => /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/.test(raw),
  }),
})

const slack = section({
  type: typeTag('slack'),
  name: slug('ops-chat'),
  /** The incoming webhook, which is a secret as a whole. */
  webhook: secretRef(),
})

const pagerduty = section({
  type: typeTag('pagerduty'),
  name: slug('on-call'),
  /** Integration key of Events API v2. */
  routingKey: secretRef(),
  /** Where the account is: each region has events of its own. */
  region: preset(oneOf('us', 'eu'), 'us'),
})

const webhook = section({
  type: typeTag('webhook'),
  name: slug('own-system'),
  url: url('https://ops.example.com/hooks/ballast', 'https', 'http'),
  /** Each message carries an HMAC-SHA-256 made with it. */
  signingKey: secretRef(),
})

const smtp = section({
  host: hostName('smtp.example.com'),
  port: preset(integer(1, 65_535, 587), 587),
  /** `implicit` is TLS from the first byte (port 465). */
  tls: preset(oneOf('starttls', 'implicit'), 'starttls'),
  /** Root certificate to check the server with; the system's own where it is left out. */
  rootCertificate: optional(absolutePath('/etc/ballast/smtp-root.crt')),
  user: optional(email('ballast@example.com')),
  password: optional(secretRef()),
})

const mail = section({
  type: typeTag('email'),
  name: slug('team-mail'),
  from: email('ballast@example.com'),
  to: list(email('ops@example.com'), { min: 1, example: "'ops@example.com'" }),
  /** Through this server; through Amazon SES where it is left out. */
  smtp: optional(smtp),
})

const names = () => optional(list(slug('ops-chat'), { min: 1, example: "'ops-chat'" }))

/** Whom to tell, and how insistently. */
export const alerts = section({
  /** Of subjects and messages. */
  language: preset(oneOf('pt-BR', 'en'), 'en'),
  channels: preset(list(variant(['sns', 'slack', 'pagerduty', 'webhook', 'email'], sns, slack, pagerduty, webhook, mail)), []),
  /** Channels by severity, first to last: the next one is tried when delivery fails. All of them where it is left out. */
  critical: names(),
  warning: names(),
  /** An alert is raised after this many bad polls ... */
  raiseAfter: preset(integer(1, 60, 2), 2),
  /** ... of this many. */
  outOf: preset(integer(1, 60, 3), 3),
  /** While it lasts, it is repeated this often. */
  remindEvery: preset(seconds('4 hours', { min: '5 min' }), '4 hours'),
  /** Whether the end of an alert is told too. */
  recovery: preset(flag(), true),
  /** Runbooks are linked as this URL and the name of the alert. */
  runbooks: optional(url('https://wiki.example.com/runbooks/', 'https', 'http')),
  /** Store that keeps the state of alerts; the first backup store where it is left out. */
  store: optional(slug('main')),
})
