import type { Cluster, S3Store } from '../../config/cluster.ts'
import type { Value } from '../cloudformation.ts'

const daySeconds = 86_400
/** Less costs next to nothing where it is, and archive classes charge for each object. */
const leastMovedBytes = 8 * 1024 * 1024
/** How long a deleted or replaced object can be brought back. */
const recoverableDays = 30

/** What S3 does by itself with a cluster's objects in a store. Deleting sets is retention's alone. */
export function lifecycleRules({ name, backup }: Cluster, store: S3Store): Value[] {
  const prefix = store.prefix === '' ? `${name}/` : `${store.prefix}/${name}/`
  const sweepDays = Math.ceil(backup.retention.sweepAfterSeconds / daySeconds)
  const moves = store.transitions.map(({ afterSeconds, storageClass }) => ({
    StorageClass: storageClass,
    TransitionInDays: Math.ceil(afterSeconds / daySeconds),
  }))
  return [
    {
      ...{ Id: `tidy-${store.name}`, Status: 'Enabled', Prefix: prefix },
      // A run that still works is younger than this; what retention's own sweep leaves is gone a day later.
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: sweepDays + 1 },
      NoncurrentVersionExpiration: { NoncurrentDays: recoverableDays },
      ExpiredObjectDeleteMarker: true,
    },
    ...(moves.length === 0
      ? []
      : [
          {
            ...{ Id: `cheaper-${store.name}`, Status: 'Enabled', Prefix: prefix },
            // Manifests, evidence and what functions remember do not carry the tag: they must be read at once.
            TagFilters: [{ Key: 'ballast', Value: 'content' }],
            ObjectSizeGreaterThan: String(leastMovedBytes),
            Transitions: moves,
          },
        ]),
  ]
}
