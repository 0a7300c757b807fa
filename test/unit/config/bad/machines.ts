import type { BadDefinition } from './bad-definition.ts'

/** Machines that are too small for what the definition puts on them, and images that could not be named or reached. */
export const machines: readonly BadDefinition[] = [
  {
    changes: { 'nodes[1].memory': '512 MB', 'postgres.maxConnections': 200 },
    lines: [
      'nodes[1].memory: holds 129 connections at 2 MB each, but postgres.maxConnections is 200; give the machine more, or lower postgres.maxConnections',
    ],
  },
  {
    changes: { 'nodes[2].memory': '1 GB', 'postgres.maxConnections': 1000 },
    lines: [
      'nodes[2].memory: holds 276 connections at 2 MB each, but postgres.maxConnections is 1000; give the machine more, or lower postgres.maxConnections',
    ],
  },
  {
    changes: { 'nodes[1].disk': '10 GB', 'postgres.maxSlotWal': '6 GB' },
    lines: [
      'nodes[1].disk: is half filled by the 6 GB of WAL that may be kept for replicas; give the machine more, or lower postgres.maxSlotWal',
    ],
  },
  {
    changes: { 'nodes[2].disk': '20 GB', 'postgres.walKeep': '12 GB' },
    lines: [
      'nodes[2].disk: is half filled by the 12 GB of WAL that may be kept for replicas; give the machine more, or lower postgres.walKeep',
    ],
  },
  {
    changes: { 'nodes[0].disk': '8 GB' },
    lines: ['nodes[0].disk: is smaller than the image, 8 GiB; give the machine more, or lower images.builders.qemu.disk'],
  },
  {
    changes: {
      'nodes[0].memory': '2 GB',
      'docker.services': [{ type: 'worker', name: 'w', image: 'shop:1', memory: '700 MB', replicas: 3 }],
    },
    lines: [
      'nodes[0].memory: is less than the 2100 MB that the services may use together; give the machine more, or lower docker.services[].memory',
    ],
  },
  {
    changes: {
      name: 'a-shop-with-a-very-long-name-of-37-chars',
      'images.builders.googlecompute': {
        project: 'shop-prod',
        zone: 'southamerica-east1-a',
        sourceImage: 'debian-13-trixie-v20261110',
      },
    },
    lines: [
      "images.prefix: and the cluster's name make image names of more than the 63 characters that Google takes; shorten them to 38 characters together",
    ],
  },
  {
    changes: { 'images.prefix': 'Ballast' },
    lines: ["images.prefix: must be small letters, digits and dashes, at most 40; write e.g. 'ballast'"],
  },
  { changes: { 'images.keep': 0 }, lines: ['images.keep: must be a whole number from 1 to 100; write e.g. 5'] },
  {
    changes: { 'images.firstBoot': { locale: 'pt_BR' } },
    lines: ["images.firstBoot.locale: must be a UTF-8 locale; write e.g. 'C.UTF-8'"],
  },
  {
    changes: { 'images.firstBoot': { ntpServers: ['*.ntp.br'] } },
    lines: ["images.firstBoot.ntpServers[0]: must be a host name or an IP address; write e.g. 'a.st1.ntp.br'"],
  },
  {
    changes: { 'images.firstBoot': { ntpServers: ['a.ntp.br', 'a.ntp.br'] } },
    lines: ["images.firstBoot.ntpServers[1]: 'a.ntp.br' is also images.firstBoot.ntpServers[0]; name every server once"],
  },
  {
    changes: { 'images.firstBoot': { adminKeys: ['ana', 'eva'].map((name) => `ssh-ed25519 ${'A'.repeat(68)} ${name}`) } },
    lines: [`images.firstBoot.adminKeys[1]: '${'A'.repeat(68)}' is also images.firstBoot.adminKeys[0]; name every key once`],
  },
  {
    changes: { 'images.firstBoot': { adminKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----'] } },
    lines: ["images.firstBoot.adminKeys[0]: holds a private key; write secret('name'), env('NAME') or file('/path') instead"],
  },
  {
    changes: { 'images.securityUpdates': 'sometimes' },
    lines: [
      "images.securityUpdates: 'sometimes' is not a schedule; write e.g. 'every 6 hours', 'daily at 03:00', 'weekly on sunday at 05:00', 'monthly on 1 at 04:00' or a cron line",
    ],
  },
  {
    changes: { 'images.rebootDocker': 'no' },
    lines: ['images.rebootDocker: must be true or false, not text; write true or false'],
  },
  {
    changes: {
      'nodes[2].name': 'db-2',
      'nodes[3]': { name: 'db-3', role: 'replica', address: '10.0.0.13', slot: 'ballast_db_2' },
      'firewall.replica': ['10.0.0.11/32', '10.0.0.12/31'],
    },
    lines: ["nodes[3].slot: 'ballast_db_2' is also nodes[2].slot; give every replica its own slot"],
  },
]
