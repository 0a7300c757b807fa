import reference from '../../ballast.config.ts'
import { type Cluster, checkCluster, env, file } from '../../config/index.ts'
import { type Changes, changed, sample } from '../unit/config/sample.ts'

/** The reference cluster. */
export const referenceCluster: Cluster = reference

/** The small sample, with some values changed. */
export function sampleCluster(changes: Changes = {}): Cluster {
  return checkCluster(changed(sample, changes))
}

/** A cluster without AWS whose every secret is in a file or a variable, with names that need care in a unit. */
export function fileCluster(changes: Changes = {}): Cluster {
  return sampleCluster({
    timeZone: 'America/Sao_Paulo',
    accounts: { backup: { password: env('BACKUP_PASSWORD') }, monitor: { password: file('/etc/ballast/monitor 100%') } },
    'backup.stores': [
      {
        ...{ type: 's3', name: 'main', bucket: 'shop-backups', endpoint: 'https://nyc3.digitaloceanspaces.com' },
        credentials: { accessKeyId: env('SPACES_KEY'), secretAccessKey: file('/etc/ballast/spaces-secret') },
      },
      { type: 'file', name: 'nas', directory: '/mnt/nas box/50%/ballast' },
    ],
    'freshness.heartbeat': { url: env('HEARTBEAT_URL') },
    alerts: { channels: [{ type: 'slack', name: 'chat', webhook: env('SLACK_WEBHOOK') }] },
    ...changes,
  })
}
