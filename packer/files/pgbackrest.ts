import type { Cluster, S3Store } from '../../config/index.ts'
import { onCalendar } from '../../config/on-calendar.ts'
import type { RoleFile } from '../role-file.ts'
import { POSTGRES_SOCKETS, postgresPlace } from './postgres-place.ts'

/** Where the first boot puts the repository's keys, where the store has some. */
const KEYS_DIRECTORY = '/etc/pgbackrest/conf.d'

/** What PostgreSQL runs for every finished WAL segment. */
export function archiveCommand({ name }: Cluster): string {
  return `pgbackrest --stanza=${name} archive-push %p`
}

/** WAL archiving and full backups by pgBackRest; nothing where the definition has no `backup.pitr`. */
export function pgbackrestConfiguration(cluster: Cluster): readonly RoleFile[] {
  const { pitr, stores } = cluster.backup
  if (pitr === undefined) return []
  const store = stores.find(({ name }) => name === pitr.store)
  if (store?.type !== 's3') throw new Error(`backup.pitr.store '${pitr.store}' has passed the check without being of type s3`)
  return [
    { path: '/etc/pgbackrest/pgbackrest.conf', content: configurationText(cluster, store, pitr.keepFull) },
    { path: '/etc/systemd/system/ballast-full-backup.timer', content: timerText(cluster, pitr.fullBackup) },
  ]
}

function configurationText(cluster: Cluster, store: S3Store, keepFull: number): string {
  const { data } = postgresPlace(cluster)
  const global = {
    ...repository(cluster.name, store),
    'repo1-retention-full': keepFull,
    'compress-type': 'zst',
    'process-max': 2,
    'start-fast': 'y',
    'archive-async': 'y',
    // A repository that cannot be reached must not fill the disk: the same limit as for a replica that is gone.
    'archive-push-queue-max': cluster.postgres.maxSlotWalBytes,
    'spool-path': '/var/spool/pgbackrest',
    'lock-path': '/run/pgbackrest',
    'log-level-console': 'info',
    'log-level-file': 'warn',
  }
  const stanza = { 'pg1-path': data, 'pg1-port': cluster.postgres.port, 'pg1-socket-path': POSTGRES_SOCKETS }
  return `# From the cluster's definition. Keys, where the store has some, are in ${KEYS_DIRECTORY}.
[global]
${lines(global)}
# A server that stops tries three times to archive its last WAL: a store that does not answer must not hold it up for long.
[global:archive-push]
${lines({ 'archive-timeout': 10, 'io-timeout': 10 })}
[${cluster.name}]
${lines(stanza)}`
}

function repository(cluster: string, { prefix, bucket, region, endpoint, encryption, credentials }: S3Store) {
  const url = endpoint === undefined ? undefined : new URL(endpoint)
  return {
    'repo1-type': 's3',
    'repo1-path': `/${[prefix, 'pgbackrest', cluster].filter((part) => part !== '').join('/')}`,
    'repo1-s3-bucket': bucket,
    'repo1-s3-region': region,
    'repo1-s3-endpoint': url?.hostname ?? `s3.${region}.amazonaws.com`,
    ...(url === undefined || url.port === '' ? {} : { 'repo1-storage-port': url.port }),
    ...(url === undefined ? {} : { 'repo1-s3-uri-style': 'path' }),
    // Without keys of its own, the machine's role in the cloud has the right.
    'repo1-s3-key-type': credentials.accessKeyId === undefined ? 'auto' : 'shared',
    ...(encryption?.type === 'sse-kms' && encryption.keyId !== undefined ? { 'repo1-s3-kms-key-id': encryption.keyId } : {}),
  }
}

function timerText({ name, timeZone }: Cluster, when: Parameters<typeof onCalendar>[0]): string {
  return `# From the cluster's definition.
[Unit]
Description=Full backups of ${name} for point-in-time recovery

[Timer]
OnCalendar=${onCalendar(when, timeZone)}
Persistent=yes

[Install]
WantedBy=timers.target
`
}

function lines(options: Readonly<Record<string, string | number>>): string {
  return Object.entries(options)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}
