import type { Cluster, S3Store, Store } from '../config/cluster.ts'

/** A store that functions cannot reach, and is left to the timers of a VM. */
export interface OutOfReach {
  store: string
  reason: string
}

/** What functions see of a definition. */
export interface Reach {
  /** Without the stores that are directories; the number of copies asked for is never more than there are stores. */
  cluster: Cluster
  outOfReach: readonly OutOfReach[]
}

/** The part of a definition that functions can work with: a directory of a VM or a NAS is none of theirs. */
export function reachOf(cluster: Cluster): Reach {
  const stores = cluster.backup.stores.filter(isS3)
  const names = stores.map(({ name }) => name)
  const to = cluster.backup.copies.to.filter((name) => names.includes(name))
  const outOfReach = cluster.backup.stores.flatMap((store) =>
    isS3(store) ? [] : [{ store: store.name, reason: `${store.directory} is a directory: copy there with timers on a VM` }],
  )
  return {
    cluster: {
      ...cluster,
      backup: { ...cluster.backup, stores, copies: { ...cluster.backup.copies, to } },
      freshness: { ...cluster.freshness, minCopies: Math.min(cluster.freshness.minCopies, 1 + to.length) },
    },
    outOfReach,
  }
}

function isS3(store: Store): store is S3Store {
  return store.type === 's3'
}

/** Whether a store is Amazon's, so that buckets, roles and keys of this account are about it. */
export function isAmazon({ endpoint, provider }: S3Store): boolean {
  return endpoint === undefined && (provider ?? 'amazon') === 'amazon'
}

/** Whether a store takes its credentials from the function's role. */
export function byRole(store: S3Store): boolean {
  return isAmazon(store) && store.credentials.accessKeyId === undefined
}

/** The stores of type s3, as {@link reachOf} leaves them. */
export function s3Stores({ backup }: Cluster): S3Store[] {
  return backup.stores.filter(isS3)
}
