import type { Problem } from '../problems.ts'
import type { ParsedCluster } from '../schema/cluster.ts'
import { type Rule, repeated, unknownNames, when } from './rule.ts'

type Store = ParsedCluster['backup']['stores'][number]

/** Every place where a store is named, with the name. */
function references(cluster: ParsedCluster): { path: string; name: string | undefined }[] {
  const { backup, status, alerts, images, handover } = cluster
  return [
    ...(backup.copies.to ?? []).map((name, index) => ({ path: `backup.copies.to[${index}]`, name })),
    ...backup.stores.map((store, index) => ({
      path: `backup.stores[${index}].replicateTo`,
      name: store.type === 's3' ? store.replicateTo : undefined,
    })),
    { path: 'backup.pitr.store', name: backup.pitr?.store },
    { path: 'status.store', name: status.store },
    { path: 'alerts.store', name: alerts.store },
    { path: 'images.store', name: images.store },
    { path: 'handover.drills.store', name: handover.drills.store },
  ]
}

const known: Rule = {
  needs: [
    'backup.stores',
    'backup.copies.to',
    'backup.pitr',
    'status.store',
    'alerts.store',
    'images.store',
    'handover.drills.store',
  ],
  check: (cluster) => {
    const names = cluster.backup.stores.map(({ name }) => name)
    return references(cluster).flatMap(({ path, name }) =>
      name === undefined ? [] : unknownNames([name], names, 'store', () => path),
    )
  },
}

function location(store: Store, region: string): string {
  if (store.type === 'file') return `file://${store.directory.replace(/\/+$/, '')}`
  return `${store.endpoint ?? 's3'}://${store.region ?? region}/${store.bucket}/${store.prefix}`
}

const unlike: Rule = {
  needs: ['backup.stores', 'region'],
  check: ({ backup: { stores }, region }) => [
    ...repeated(
      stores,
      ({ name }) => name,
      (index) => `backup.stores[${index}].name`,
      'give every store its own name',
    ),
    ...stores.flatMap((store, index) => {
      const earlier = stores.slice(0, index).find((other) => location(other, region) === location(store, region))
      return when(
        earlier !== undefined,
        `backup.stores[${index}]`,
        `is the same place as store '${earlier?.name}'`,
        'use another bucket, prefix or directory',
      )
    }),
  ],
}

const copyTargets: Rule = {
  needs: ['backup.stores', 'backup.copies.to'],
  check: ({ backup: { stores, copies } }) =>
    (copies.to ?? []).flatMap((name, index) =>
      when(
        name === stores[0]?.name,
        `backup.copies.to[${index}]`,
        `'${name}' takes the backup itself`,
        'name the other stores',
      ),
    ),
}

const regions: Rule = {
  needs: ['backup.stores', 'region', 'allowedRegions', "images.builders['amazon-ebs']"],
  check: ({ backup: { stores }, region, allowedRegions = [region], images }) => {
    const amazon = images.builders['amazon-ebs']
    const refuse = (path: string, name: string): Problem[] =>
      when(
        !allowedRegions.includes(name),
        path,
        `'${name}' is outside the allowed regions ${allowedRegions.join(', ')}`,
        'use one of them or add it to allowedRegions',
      )
    return [
      ...refuse('region', region),
      ...stores.flatMap((store, index) =>
        store.type === 's3' ? refuse(`backup.stores[${index}].region`, store.region ?? region) : [],
      ),
      ...(amazon?.region === undefined ? [] : refuse("images.builders['amazon-ebs'].region", amazon.region)),
      ...(amazon?.copyTo ?? []).flatMap((copy, index) =>
        refuse(`images.builders['amazon-ebs'].copyTo[${index}].region`, copy.region),
      ),
    ]
  },
}

const AMAZON_ONLY = new Set(['sse-kms'])
/** What is stored in these must be thawed before it is read. */
const UNREADABLE = new Set(['GLACIER', 'DEEP_ARCHIVE'])

function s3Problems(store: Store, at: string): Problem[] {
  if (store.type !== 's3') return []
  const amazon = (store.provider ?? (store.endpoint === undefined ? 'amazon' : 'generic')) === 'amazon'
  const { accessKeyId, secretAccessKey, profile } = store.credentials
  const days = store.transitions.map(({ afterSeconds }) => afterSeconds)
  return [
    ...when(
      !amazon && AMAZON_ONLY.has(store.encryption?.type ?? ''),
      `${at}.encryption`,
      'sse-kms needs Amazon S3',
      "write type: 'sse-s3', or use ageRecipients",
    ),
    ...when(
      !amazon && store.storageClass !== 'STANDARD',
      `${at}.storageClass`,
      `${store.storageClass} needs Amazon S3`,
      'remove it',
    ),
    ...when(
      amazon && UNREADABLE.has(store.storageClass),
      `${at}.storageClass`,
      `${store.storageClass} cannot be read at once, so new sets could be neither verified nor compared`,
      `write transitions: [{ after: '1 day', storageClass: '${store.storageClass}' }]`,
    ),
    ...when(!amazon && store.transitions.length > 0, `${at}.transitions`, 'storage classes need Amazon S3', 'remove it'),
    ...when(
      !amazon && store.endpoint === undefined,
      `${at}.endpoint`,
      `is required for provider ${store.provider}`,
      "add e.g. endpoint: 'https://s3.example.com'",
    ),
    ...when(
      (accessKeyId === undefined) !== (secretAccessKey === undefined),
      `${at}.credentials`,
      'has half a key pair',
      'give both accessKeyId and secretAccessKey',
    ),
    ...when(
      accessKeyId !== undefined && profile !== undefined,
      `${at}.credentials`,
      'has a profile and a key pair',
      'keep one of them',
    ),
    ...when(
      days.some((after, index) => index > 0 && after <= (days[index - 1] ?? 0)),
      `${at}.transitions`,
      'are not in the order of their time',
      'write the shortest `after` first',
    ),
  ]
}

const s3: Rule = {
  needs: ['backup.stores'],
  check: ({ backup: { stores } }) => stores.flatMap((store, index) => s3Problems(store, `backup.stores[${index}]`)),
}

const replicated: Rule = {
  needs: ['backup.stores', 'region'],
  check: ({ backup: { stores }, region }) =>
    stores.flatMap((store, index) => {
      if (store.type !== 's3' || store.replicateTo === undefined) return []
      const target = stores.find(({ name }) => name === store.replicateTo)
      const path = `backup.stores[${index}].replicateTo`
      if (target?.type === 'file') return [{ path, rule: `'${target.name}' is a directory`, fix: 'name a store of type s3' }]
      const same = target !== undefined && (target === store || (target.region ?? region) === (store.region ?? region))
      return when(same, path, `'${target?.name}' is in the same region`, 'name a store in another region')
    }),
}

const archive: Rule = {
  needs: ['backup.stores', 'backup.pitr'],
  check: ({ backup: { stores, pitr } }) => {
    const target = stores.find(({ name }) => name === pitr?.store)
    const path = 'backup.pitr.store'
    if (target?.type === 'file') return when(true, path, `'${target.name}' is a directory`, 'name a store of type s3')
    if (target === undefined) return []
    const { name, endpoint, ageRecipients, credentials } = target
    return [
      ...when(endpoint?.startsWith('http:') === true, path, `pgBackRest needs https to '${name}'`, 'name a store with https'),
      ...when(
        ageRecipients.length > 0,
        path,
        `'${name}' is encrypted for ageRecipients, and pgBackRest cannot do that`,
        'name a store without ageRecipients',
      ),
      ...when(
        credentials.profile !== undefined,
        path,
        `the database nodes have no profile '${credentials.profile}' for '${name}'`,
        'give the store a key pair, or the machines a role',
      ),
    ]
  },
}

export const storeRules: readonly Rule[] = [known, unlike, copyTargets, regions, s3, replicated, archive]
