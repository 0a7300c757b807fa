import { expect, test } from 'vitest'
import { archiveState, type ClassAnswer } from '../../../../functions/platform/object-store/s3/storage-class.ts'

test.each<[ClassAnswer, ReturnType<typeof archiveState>]>([
  [{}, 'ready'],
  [{ StorageClass: 'STANDARD_IA' }, 'ready'],
  [{ StorageClass: 'GLACIER_IR' }, 'ready'],
  [{ StorageClass: 'GLACIER' }, 'archived'],
  [{ StorageClass: 'DEEP_ARCHIVE' }, 'archived'],
  [{ StorageClass: 'GLACIER', Restore: 'ongoing-request="true"' }, 'thawing'],
  [{ StorageClass: 'GLACIER', Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026 00:00:00 GMT"' }, 'ready'],
  [{ StorageClass: 'INTELLIGENT_TIERING' }, 'ready'],
  [{ StorageClass: 'INTELLIGENT_TIERING', ArchiveStatus: 'DEEP_ARCHIVE_ACCESS' }, 'archived'],
  [{ StorageClass: 'INTELLIGENT_TIERING', ArchiveStatus: 'ARCHIVE_ACCESS', Restore: 'ongoing-request="true"' }, 'thawing'],
])('%j is %s', (answer, state) => {
  expect(archiveState(answer)).toBe(state)
})
