import type { BadDefinition } from './bad-definition.ts'

export const singleFields: readonly BadDefinition[] = [
  { changes: { name: undefined }, lines: ["name: is required; add e.g. 'shop'"] },
  { changes: { name: 'My Shop' }, lines: ["name: must be small letters, digits and dashes, at most 40; write e.g. 'shop'"] },
  {
    changes: { name: 7 },
    lines: ["name: must be small letters, digits and dashes, at most 40, not a number; write e.g. 'shop'"],
  },
  { changes: { region: 'São Paulo' }, lines: ["region: must be a region name; write e.g. 'sa-east-1'"] },
  { changes: { environment: 'prod' }, lines: ["environment: 'prod' is unknown; did you mean production?"] },
  { changes: { environment: 'stagin' }, lines: ["environment: 'stagin' is unknown; did you mean staging?"] },
  {
    changes: { timeZone: 'America/Sao_Paolo' },
    lines: ["timeZone: must be an IANA time zone; write e.g. 'America/Sao_Paulo'"],
  },
  { changes: { timeZone: '+03:00' }, lines: ["timeZone: must be an IANA time zone; write e.g. 'America/Sao_Paulo'"] },
  { changes: { title: 'two\nlines' }, lines: ["title: must be one line of at most 200 characters; write e.g. 'Loja Exemplo'"] },
  { changes: { allowedRegions: [] }, lines: ["allowedRegions: must not be empty; add e.g. 'sa-east-1'"] },
  { changes: { databses: [] }, lines: ['databses: unknown key; did you mean databases?'] },
  { changes: { 'backup.retenton': {} }, lines: ['backup.retenton: unknown key; did you mean retention?'] },
  { changes: { 'nodes[1].adress': '10.0.0.99' }, lines: ['nodes[1].adress: unknown key; did you mean address?'] },
  {
    changes: { 'postgres.max_connections': 100 },
    lines: ['postgres.max_connections: unknown key; did you mean maxConnections?'],
  },
  { changes: { 'backup.stores[0].buckt': 'x' }, lines: ['backup.stores[0].buckt: unknown key; did you mean bucket?'] },
  {
    changes: { zzzzzzzzzzzz: 1 },
    lines: [
      'zzzzzzzzzzzz: unknown key; use one of name, title, environment, region, allowedRegions, timeZone, postgres, accounts, pgbouncer, nodes, databases, firewall, backup, replication, freshness, status, alerts, images, docker, loadtests, handover, runtime',
    ],
  },
  {
    changes: { nodes: undefined },
    lines: ["nodes: is required; add e.g. [{ name: 'db-1', role: 'primary', address: '10.0.0.11' }]"],
  },
  {
    changes: { nodes: [] },
    lines: ["nodes: must not be empty; add e.g. { name: 'db-1', role: 'primary', address: '10.0.0.11' }"],
  },
  {
    changes: { nodes: {} },
    lines: ["nodes: must be a list, not an object; write e.g. [{ name: 'db-1', role: 'primary', address: '10.0.0.11' }]"],
  },
  { changes: { 'nodes[0]': 'app-1' }, lines: ['nodes[0]: must be an object, not text; write e.g. { ... }'] },
  {
    changes: { 'nodes[1].role': 'master' },
    lines: ["nodes[1].role: 'master' is unknown; use one of docker, primary, replica"],
  },
  { changes: { 'nodes[1].role': undefined }, lines: ['nodes[1].role: is required; use one of docker, primary, replica'] },
  {
    changes: { 'nodes[1].address': 'db-1.internal' },
    lines: ["nodes[1].address: 'db-1.internal' is not an IP address; write e.g. '10.0.0.11'"],
  },
  {
    changes: { 'nodes[1].memory': '256 MB' },
    lines: ["nodes[1].memory: '256 MB' is under the least, 512 MB; write e.g. '4 GiB'"],
  },
  { changes: { 'nodes[1].cpus': 1.5 }, lines: ['nodes[1].cpus: must be a whole number from 1 to 1024; write e.g. 2'] },
  {
    changes: { firewall: undefined },
    lines: ["firewall: is required; add e.g. { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'] }"],
  },
  {
    changes: { backup: undefined },
    lines: [
      "backup: is required; add e.g. { stores: [{ type: 's3', name: 'main', bucket: 'shop-backups' }], retention: { keep: { daily: 7 } } }",
    ],
  },
  {
    changes: { 'backup.retention': undefined },
    lines: ['backup.retention: is required; add e.g. { keep: { daily: 7, weekly: 4, monthly: 12 } }'],
  },
  {
    changes: { 'databases[0].owner': 'shop owner' },
    lines: ["databases[0].owner: must be a plain PostgreSQL name, at most 63 bytes; write e.g. 'shop_owner'"],
  },
  { changes: { 'databases[0].pool': 20 }, lines: ['databases[0].pool: must be an object, not a number; write e.g. { ... }'] },
  {
    changes: { 'databases[0].backup': 'yes' },
    lines: ['databases[0].backup: must be true or false, not text; write true or false'],
  },
  { changes: { 'postgres.version': 13 }, lines: ['postgres.version: must be a whole number from 14 to 18; write e.g. 17'] },
  { changes: { 'postgres.version': '17' }, lines: ['postgres.version: must be a whole number from 14 to 18; write e.g. 17'] },
  {
    changes: { 'postgres.settings.Shared_Buffers': '1GB' },
    lines: ['postgres.settings.Shared_Buffers: must be a setting in small letters; rename it'],
  },
  {
    changes: { 'postgres.settings.log_line_prefix': "it's" },
    lines: [
      "postgres.settings.log_line_prefix: must be one line of text without quotes or backslashes, a number, true or false; write e.g. 'on'",
    ],
  },
  { changes: { 'postgres.tls.mode': 'verify' }, lines: ["postgres.tls.mode: 'verify' is unknown; did you mean verify-ca?"] },
  {
    changes: { 'postgres.tls.rootCertificate': 'root.crt' },
    lines: ["postgres.tls.rootCertificate: must be an absolute path; write e.g. '/etc/ballast/root.crt'"],
  },
  ...['root', 'Ballast', 'ballast user'].map((user) => ({
    changes: { 'runtime.timers.user': user },
    lines: ["runtime.timers.user: must be small letters, digits, _ and -, at most 31, and not root; write e.g. 'ballast'"],
  })),
  ...['/', '/etc/ballast', '/var/lib', '/srv', '/home/Ana/ballast', '/usr/lib/ballast', '/var/lib/../../etc', 'ballast'].map(
    (stateDirectory) => ({
      changes: { 'runtime.timers.stateDirectory': stateDirectory },
      lines: [
        "runtime.timers.stateDirectory: must be an absolute path to a directory of its own, such as one in /var/lib or /srv; write e.g. '/var/lib/ballast'",
      ],
    }),
  ),
]
