import type { BadDefinition } from './bad-definition.ts'

export const alerts: readonly BadDefinition[] = [
  {
    changes: { 'alerts.channels': [{ type: 'teams', name: 'x' }] },
    lines: ["alerts.channels[0].type: 'teams' is unknown; use one of sns, slack, pagerduty, webhook, email"],
  },
  {
    changes: { 'alerts.channels': [{ type: 'sns', name: 't', topicArn: 'ballast' }] },
    lines: [
      "alerts.channels[0].topicArn: must be the ARN of an SNS topic; write e.g. 'arn:aws:sns:sa-east-1:123456789012:ballast'",
    ],
  },
  {
    changes: { 'alerts.critical': ['on-call'] },
    lines: ['alerts.critical: names channels, but there is none; add it to alerts.channels'],
  },
  {
    changes: {
      'alerts.channels': [{ type: 'pagerduty', name: 'on-call', routingKey: { env: 'PD' } }],
      'alerts.critical': ['oncall'],
    },
    lines: ["alerts.critical[0]: no channel is named 'oncall'; use one of on-call"],
  },
  {
    changes: {
      'alerts.channels': [
        { type: 'pagerduty', name: 'a', routingKey: { env: 'PD' } },
        { type: 'slack', name: 'a', webhook: { env: 'PD' } },
      ],
    },
    lines: ["alerts.channels[1].name: 'a' is also alerts.channels[0].name; give every channel its own name"],
  },
  { changes: { 'alerts.raiseAfter': 5 }, lines: ['alerts.raiseAfter: 5 bad polls of 3 never come; write at most 3'] },
  {
    changes: {
      'alerts.channels': [
        {
          type: 'email',
          name: 'm',
          from: 'ballast@example.com',
          to: ['ops@example.com'],
          smtp: { host: 'smtp.example.com', user: 'ballast@example.com' },
        },
      ],
    },
    lines: ["alerts.channels[0].smtp.password: is missing for the user; add password: secret('name')"],
  },
  {
    changes: { 'alerts.channels': [{ type: 'email', name: 'm', from: 'ballast', to: [] }] },
    lines: [
      "alerts.channels[0].from: must be an email address; write e.g. 'ballast@example.com'",
      "alerts.channels[0].to: must not be empty; add e.g. 'ops@example.com'",
    ],
  },
  {
    changes: { 'alerts.channels': [{ type: 'webhook', name: 'w', url: 'http://ops.example.com/x', signingKey: { env: 'K' } }] },
    lines: ['alerts.channels[0].url: is plain http outside this machine; write https'],
  },
  {
    changes: { 'freshness.heartbeat': { url: 'http://hc.example.com/x' } },
    lines: ['freshness.heartbeat.url: is plain http outside this machine; write https'],
  },
]
