import type { BadDefinition } from './bad-definition.ts'

export const topology: readonly BadDefinition[] = [
  {
    changes: { 'nodes[1].role': 'replica' },
    lines: ["nodes: has a replica without a primary; add { name: 'db-1', role: 'primary', address: '10.0.0.11' }"],
  },
  {
    changes: { 'nodes[1]': { name: 'db-1', role: 'docker', address: '10.0.0.10' } },
    lines: [
      "nodes: has a replica without a primary; add { name: 'db-1', role: 'primary', address: '10.0.0.11' }",
      "nodes[1].address: '10.0.0.10' is also nodes[0].address; give every node its own address",
    ],
  },
  {
    changes: { 'nodes[2].role': 'primary', 'backup.source': 'primary' },
    lines: ["nodes: has 2 primaries; keep one and make the others role: 'replica'"],
  },
  {
    changes: { 'nodes[2].name': 'db-1' },
    lines: ["nodes[2].name: 'db-1' is also nodes[1].name; give every node its own name"],
  },
  {
    changes: { 'nodes[2].address': '10.0.0.11' },
    lines: ["nodes[2].address: '10.0.0.11' is also nodes[1].address; give every node its own address"],
  },
  { changes: { 'nodes[1].slot': 'x' }, lines: ['nodes[1].slot: a primary node has no slot; remove it'] },
  {
    changes: { 'nodes[2].slot': 'Slot-1' },
    lines: ["nodes[2].slot: a slot has small letters, digits and underscores only; write e.g. 'ballast_db_2'"],
  },
  { changes: { 'nodes[1].serveReads': true }, lines: ['nodes[1].serveReads: is for replicas only; remove it'] },
  {
    changes: { 'postgres.synchronous': { mode: 'on', standbys: 2 } },
    lines: [
      "postgres.synchronous.standbys: 2 of 1 replicas must confirm, so every commit would wait for ever; add a replica or write mode: 'off'",
    ],
  },
  {
    changes: {
      'nodes[2]': { name: 'app-2', role: 'docker', address: '10.0.0.13' },
      'firewall.app': ['10.0.0.10/32', '10.0.0.13/32'],
    },
    lines: ["backup.source: is a standby, but there is no replica; add a replica or write source: 'primary'"],
  },
  {
    changes: { 'backup.fanOut.pauseReplica': 'db-9' },
    lines: ["backup.fanOut.pauseReplica: no replica is named 'db-9'; use one of db-2"],
  },
  {
    changes: { 'backup.fanOut.pauseReplica': 'db-2', 'nodes[2].serveReads': true },
    lines: [
      "backup.fanOut.pauseReplica: 'db-2' serves the application's reads, which would stand still; name a replica without serveReads",
    ],
  },
  {
    changes: { 'postgres.tls.certificate': '/etc/x.crt' },
    lines: ["postgres.tls.key: is missing for the certificate; add key: file('/path')"],
  },
  {
    changes: { 'postgres.tls.key': { file: '/etc/x.key' } },
    lines: ['postgres.tls.certificate: is missing for the key; add its path'],
  },
]
