// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the definitions hold what a template would expand.
import type { BadDefinition } from './bad-definition.ts'

export const secretsAndLiterals: readonly BadDefinition[] = [
  {
    changes: { 'accounts.backup.password': 'hunter2' },
    lines: ["accounts.backup.password: is a secret in plain text; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { 'accounts.backup.password': 12345 },
    lines: [
      "accounts.backup.password: must be a reference to a secret, not a number; write secret('name'), env('NAME') or file('/path')",
    ],
  },
  {
    changes: { 'accounts.backup.password': { env: 'not a name' } },
    lines: ["accounts.backup.password: env() needs the name of a variable; write e.g. env('PGPASSWORD')"],
  },
  {
    changes: { 'accounts.backup.password': { file: 'password.txt' } },
    lines: ["accounts.backup.password: file() needs an absolute path; write e.g. file('/etc/ballast/password')"],
  },
  {
    changes: { 'accounts.backup.password': { secret: 'has spaces' } },
    lines: ["accounts.backup.password: secret() needs the name or ARN of a secret; write e.g. secret('shop/backup')"],
  },
  {
    changes: { 'accounts.backup.password': { secret: 'AKIAIOSFODNN7EXAMPLE' } },
    lines: ["accounts.backup.password: holds an AWS access key; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { 'databases[0].connection.url': 'postgresql://ballast:hunter2@db/shop' },
    lines: [
      "databases[0].connection.url: holds a password inside a URL; write secret('name'), env('NAME') or file('/path') instead",
    ],
  },
  {
    changes: { 'databases[0].connection.url': 'postgresql://db/shop?password=hunter2' },
    lines: [
      "databases[0].connection.url: holds a password inside a URL; write secret('name'), env('NAME') or file('/path') instead",
    ],
  },
  {
    changes: { 'databases[0].connection.url': 'host=db password=hunter2' },
    lines: ["databases[0].connection.url: holds a password; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { title: 'see https://ana:hunter2@wiki.example.com' },
    lines: ["title: holds a password inside a URL; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { 'alerts.channels': [{ type: 'slack', name: 'chat', webhook: 'https://hooks.slack.com/services/T0/B0/xyz' }] },
    lines: [
      "alerts.channels[0].webhook: holds a Slack webhook, which is a secret; write secret('name'), env('NAME') or file('/path') instead",
    ],
  },
  {
    changes: { 'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', environment: { API_TOKEN: 'abc' } }] },
    lines: [
      "docker.services[0].environment.API_TOKEN: is a secret in plain text; write secret('name'), env('NAME') or file('/path') instead",
    ],
  },
  {
    changes: { 'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', environment: { HOME_DIR: '${HOME}/x' } }] },
    lines: [
      'docker.services[0].environment.HOME_DIR: holds an unescaped ${; templates would expand it, so write $${ for a literal ${',
    ],
  },
  {
    changes: { 'postgres.settings.log_line_prefix': '%{x}' },
    lines: [
      'postgres.settings.log_line_prefix: holds an unescaped %{; templates would expand it, so write %%{ for a literal %{',
    ],
  },
  {
    changes: { title: 'AGE-SECRET-KEY-1QQQ' },
    lines: ["title: holds a private key; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { title: '-----BEGIN OPENSSH PRIVATE KEY-----' },
    lines: ["title: holds a private key; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { title: 'ghp_0123456789abcdefghij' },
    lines: ["title: holds an access token; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { 'freshness.heartbeat': { url: 'hc-ping.com/x' } },
    lines: [
      "freshness.heartbeat.url: must be a URL (https, http) or a reference to one; write e.g. 'https://hc-ping.com/...' or secret('name')",
    ],
  },
  ...['PGPASSWORD', 'DB_PASS', 'SECRET_KEY_BASE', 'RAILS_MASTER_KEY', 'GOOGLE_CREDENTIALS'].map((name) => ({
    changes: { 'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', environment: { [name]: 'abc' } }] },
    lines: [
      `docker.services[0].environment.${name}: is a secret in plain text; write secret('name'), env('NAME') or file('/path') instead`,
    ],
  })),
  {
    changes: {
      'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', environment: { A: `sk_live_${'0'.repeat(24)}` } }],
    },
    lines: ["docker.services[0].environment.A: holds an API key; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: {
      'docker.services': [
        {
          type: 'worker',
          name: 'w',
          image: 'shop:1',
          command: ['run', '--token=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'],
        },
      ],
    },
    lines: ["docker.services[0].command[1]: holds an access token; write secret('name'), env('NAME') or file('/path') instead"],
  },
]
