import type { Texts } from './texts.ts'

export const drillsInEnglish: Texts['drills'] = {
  stress: {
    name: 'Stress on the database',
    text: 'With many clients at once on PgBouncer and on PostgreSQL, no transaction fails and the server stays within its connections.',
  },
  'lag-under-load': {
    name: 'Replication lag under load',
    text: 'While much is written, every replica stays within the allowed lag, and catches up as soon as the load ends.',
  },
  'pool-exhaustion': {
    name: 'Exhausted connection pool',
    text: 'When far more clients come than there are connections, they wait instead of failing, the alert is raised, and the other database stays usable.',
  },
  'tls-and-passwords': {
    name: 'TLS and password policy',
    text: 'Unencrypted connections, old TLS versions, wrong and missing passwords are refused; only SCRAM verifiers are stored.',
  },
  'port-exposure': {
    name: 'Exposed ports',
    text: 'From each network, every node shows exactly the ports that the definition opens for it, and no other.',
  },
  restore: {
    name: 'Backup and restore',
    text: 'The newest backup can be restored into an empty server within the promised time, and every row is what it was.',
  },
  'store-unreachable': {
    name: 'Backup store out of reach',
    text: 'A backup whose store cannot be reached fails aloud, leaves nothing that looks like a backup, and works again afterwards.',
  },
  'point-in-time': {
    name: 'Recovery to a point in time',
    text: 'The database can be brought back to a moment just before a mistake: what was written before is there, what came after is not.',
  },
  'replica-cut-off': {
    name: 'Replica cut off',
    text: 'When a replica loses its primary, the alert is raised within two polls, and the replica catches up by itself afterwards.',
  },
  'disk-filling': {
    name: 'Disk filling up',
    text: 'When the disk of the primary fills, the alert comes while there is still time, and nothing that was committed is lost.',
  },
  'secret-rotation': {
    name: 'Passwords rotated',
    text: 'The application gets a new password while it works, and not one request fails.',
  },
  failover: {
    name: 'Primary lost, replica promoted',
    text: 'When the primary is lost, a replica takes over within the promised time, no row that was acknowledged synchronously is lost, and the application answers again.',
  },
  rejoin: {
    name: 'Old primary rejoined',
    text: 'The old primary comes back as a replica of the new one, streams from it, and holds the same rows.',
  },
}
