import type { S3Settings, StorageClass } from '../settings.ts'

/** The tag of what a lifecycle rule may move to another class; control objects lack it. */
const contentTag = 'ballast=content'

/** The request parameters that say how the contents of a set are kept. */
export type ContentParameters = { StorageClass?: StorageClass; Tagging?: string }

/**
 * For what is uploaded as a stream: the rows, the schema, the roles. What is stored by a single `put` (manifests, evidence,
 * leases, state) is small, is read by every listing, and stays in the standard class without the tag.
 */
export function contentParameters({ storageClass, tagContents = false }: S3Settings): ContentParameters {
  return {
    ...(storageClass === undefined ? {} : { StorageClass: storageClass }),
    ...(tagContents ? { Tagging: contentTag } : {}),
  }
}

/** What HEAD and listings say of an object's class and of a copy of it that was thawed. */
export interface ClassAnswer {
  StorageClass?: string | undefined
  /** Of HEAD alone: `ongoing-request="true"`, or `ongoing-request="false", expiry-date="..."`. */
  Restore?: string | undefined
  /** Of HEAD alone: the archive tier that Intelligent-Tiering has moved it to. */
  ArchiveStatus?: string | undefined
}

const archiveClasses: ReadonlySet<string | undefined> = new Set(['GLACIER', 'DEEP_ARCHIVE'])

/** Whether an object can be read now, is being thawed, or must be. */
export function archiveState({ StorageClass, Restore = '', ArchiveStatus }: ClassAnswer): 'ready' | 'thawing' | 'archived' {
  if (!archiveClasses.has(StorageClass) && ArchiveStatus === undefined) return 'ready'
  if (Restore.includes('ongoing-request="false"')) return 'ready'
  return Restore.includes('ongoing-request="true"') ? 'thawing' : 'archived'
}
