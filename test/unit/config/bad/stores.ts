import type { BadDefinition } from './bad-definition.ts'

export const stores: readonly BadDefinition[] = [
  {
    changes: { 'backup.stores': [] },
    lines: ["backup.stores: must not be empty; add e.g. { type: 's3', name: 'main', bucket: 'shop-backups' }"],
  },
  { changes: { 'backup.stores[0].type': 's4' }, lines: ["backup.stores[0].type: 's4' is unknown; did you mean s3?"] },
  {
    changes: { 'backup.stores[0].type': undefined },
    lines: ["backup.stores[0].type: is required; add type: 's3', or one of s3, file"],
  },
  {
    changes: { 'backup.stores[0].bucket': 'Shop_Backups' },
    lines: [
      "backup.stores[0].bucket: must be a bucket name of 3 to 63 small letters, digits, dots and dashes; write e.g. 'shop-backups'",
    ],
  },
  {
    changes: { 'backup.stores[0].prefix': '/ballast/' },
    lines: ["backup.stores[0].prefix: must be a key prefix without a slash at either end; write e.g. 'ballast'"],
  },
  {
    changes: { 'backup.stores[1].directory': 'nas' },
    lines: ["backup.stores[1].directory: must be an absolute path; write e.g. '/mnt/nas/ballast'"],
  },
  {
    changes: { 'backup.stores[1].encryption': { type: 'sse-kms' } },
    lines: ['backup.stores[1].encryption: server-side encryption needs a store of type s3; remove it, or use ageRecipients'],
  },
  {
    changes: { 'backup.stores[1].objectLock': { mode: 'governance', retain: '7 days' } },
    lines: ['backup.stores[1].objectLock: object lock needs a store of type s3; remove it'],
  },
  {
    changes: { 'backup.stores[1].name': 'main' },
    lines: ["backup.stores[1].name: 'main' is also backup.stores[0].name; give every store its own name"],
  },
  {
    changes: { 'backup.stores[1]': { type: 's3', name: 'two', bucket: 'shop-backups' } },
    lines: ["backup.stores[1]: is the same place as store 'main'; use another bucket, prefix or directory"],
  },
  {
    changes: { 'backup.copies.to': ['second-region'] },
    lines: ["backup.copies.to[0]: no store is named 'second-region'; use one of main, nas"],
  },
  {
    changes: { 'backup.copies.to': ['main'] },
    lines: ["backup.copies.to[0]: 'main' takes the backup itself; name the other stores"],
  },
  {
    changes: { 'backup.stores[0].region': 'us-east-1' },
    lines: [
      "backup.stores[0].region: 'us-east-1' is outside the allowed regions sa-east-1; use one of them or add it to allowedRegions",
    ],
  },
  {
    changes: { region: 'us-east-1', allowedRegions: ['sa-east-1'] },
    lines: [
      "region: 'us-east-1' is outside the allowed regions sa-east-1; use one of them or add it to allowedRegions",
      "backup.stores[0].region: 'us-east-1' is outside the allowed regions sa-east-1; use one of them or add it to allowedRegions",
    ],
  },
  {
    changes: {
      'backup.stores[0]': {
        type: 's3',
        name: 'main',
        bucket: 'b12',
        endpoint: 'https://nyc3.digitaloceanspaces.com',
        encryption: { type: 'sse-kms' },
      },
    },
    lines: ["backup.stores[0].encryption: sse-kms needs Amazon S3; write type: 'sse-s3', or use ageRecipients"],
  },
  {
    changes: { 'backup.stores[0]': { type: 's3', name: 'main', bucket: 'b12', provider: 'r2', storageClass: 'GLACIER' } },
    lines: [
      'backup.stores[0].storageClass: GLACIER needs Amazon S3; remove it',
      "backup.stores[0].endpoint: is required for provider r2; add e.g. endpoint: 'https://s3.example.com'",
    ],
  },
  {
    changes: { 'backup.stores[0].storageClass': 'DEEP_ARCHIVE' },
    lines: [
      'backup.stores[0].storageClass: DEEP_ARCHIVE cannot be read at once, so new sets could be neither verified nor compared; ' +
        "write transitions: [{ after: '1 day', storageClass: 'DEEP_ARCHIVE' }]",
    ],
  },
  {
    changes: { 'backup.stores[0].credentials': { accessKeyId: { env: 'K' } } },
    lines: ['backup.stores[0].credentials: has half a key pair; give both accessKeyId and secretAccessKey'],
  },
  {
    changes: { 'backup.stores[0].credentials': { accessKeyId: { env: 'K' }, secretAccessKey: { env: 'S' }, profile: 'p' } },
    lines: ['backup.stores[0].credentials: has a profile and a key pair; keep one of them'],
  },
  {
    changes: {
      'backup.stores[0].transitions': [
        { after: '90 days', storageClass: 'GLACIER' },
        { after: '30 days', storageClass: 'STANDARD_IA' },
      ],
    },
    lines: ['backup.stores[0].transitions: are not in the order of their time; write the shortest `after` first'],
  },
  {
    changes: { 'backup.stores[0].replicateTo': 'nas' },
    lines: ["backup.stores[0].replicateTo: 'nas' is a directory; name a store of type s3"],
  },
  {
    changes: { 'backup.stores[2]': { type: 's3', name: 'us', bucket: 'shop-us' }, 'backup.stores[0].replicateTo': 'us' },
    lines: ["backup.stores[0].replicateTo: 'us' is in the same region; name a store in another region"],
  },
  { changes: { 'backup.pitr': { store: 'nas' } }, lines: ["backup.pitr.store: 'nas' is a directory; name a store of type s3"] },
  {
    changes: { 'backup.pitr': { store: 'main' }, 'backup.stores[0].endpoint': 'http://s3.example.com' },
    lines: ["backup.pitr.store: pgBackRest needs https to 'main'; name a store with https"],
  },
  {
    changes: { 'backup.pitr': { store: 'main' }, 'backup.stores[0].ageRecipients': [`age1${'q'.repeat(58)}`] },
    lines: [
      "backup.pitr.store: 'main' is encrypted for ageRecipients, and pgBackRest cannot do that; name a store without ageRecipients",
    ],
  },
  {
    changes: { 'backup.pitr': { store: 'main' }, 'backup.stores[0].credentials': { profile: 'backup' } },
    lines: [
      "backup.pitr.store: the database nodes have no profile 'backup' for 'main'; give the store a key pair, or the machines a role",
    ],
  },
  { changes: { 'status.store': 'mian' }, lines: ["status.store: no store is named 'mian'; use one of main, nas"] },
  {
    changes: { 'backup.stores[0].ageRecipients': ['age1short'] },
    lines: ["backup.stores[0].ageRecipients[0]: must be an age recipient, 'age1' and 58 characters; write e.g. 'age1...'"],
  },
  {
    changes: { 'backup.stores[0].encryption': { type: 'kms' } },
    lines: ["backup.stores[0].encryption.type: 'kms' is unknown; use one of sse-s3, sse-kms"],
  },
  {
    changes: { 'alerts.store': 'x', 'images.store': 'z', 'handover.drills.store': 'y' },
    lines: [
      "alerts.store: no store is named 'x'; use one of main, nas",
      "images.store: no store is named 'z'; use one of main, nas",
      "handover.drills.store: no store is named 'y'; use one of main, nas",
    ],
  },
]
