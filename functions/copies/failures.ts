import { type SetAddress, setPrefix } from '../archive/keys.ts'
import { Failure } from '../platform/failure.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'

/** What reading one object said that makes it another one than the recorded: not the network, not the credentials. */
const otherContent: ReadonlySet<string | undefined> = new Set(['DAMAGED', 'InvalidRange', 'ChecksumMismatch', 'NoSuchKey'])

/** Whether this says that the object is not what it should be. */
export function isOtherContent(error: unknown): error is Failure {
  return error instanceof Failure && error.kind === 'permanent' && otherContent.has(error.code)
}

/** A source that is not what its manifest says. */
export function damagedSource(store: ObjectStore, address: SetAddress, file: string, what: string, cause?: unknown): Failure {
  return new Failure(`${file} of set ${address.set} in ${store.location} ${what}; it was not copied`, {
    kind: 'permanent',
    subject: `${store.location}/${setPrefix(address)}${file}`,
    hint: 'Run `ballast verify` on this set, and do not rely on it. If another store holds a copy that was compared, copy from there with --from.',
    code: 'DAMAGED',
    cause,
  })
}

/** A copy that was sent a moment ago and came back as something else. */
export function differentCopy(store: ObjectStore, address: SetAddress, file: string, cause?: unknown): Failure {
  return new Failure(`${file} of set ${address.set} came back from ${store.location} different from what was sent`, {
    kind: 'permanent',
    subject: `${store.location}/${setPrefix(address)}${file}`,
    hint: 'This copy does not count. Run `ballast copy` again: what differs is sent again. If it repeats, something in that store or on the way there changes data: check its disks and who writes to it.',
    code: 'COPY_DIFFERS',
    cause,
  })
}

/** Something else lies where the copy would. */
export function occupied(store: ObjectStore, address: SetAddress, what: string): Failure {
  return new Failure(`${store.location} already holds ${what} under the name of set ${address.set}`, {
    kind: 'permanent',
    subject: `${store.location}/${setPrefix(address)}`,
    hint: 'Nothing was replaced. Find out what wrote it; when it may go, delete what lies under this prefix, and copy again.',
    code: 'OCCUPIED',
  })
}

/** An encrypted copy cannot be put right file by file: encrypted again, the file would be another one than the manifest says. */
export function spoiledSealed(store: ObjectStore, address: SetAddress, file: string): Failure {
  return new Failure(`${file} of set ${address.set} in ${store.location} is not what was stored there`, {
    kind: 'permanent',
    subject: `${store.location}/${setPrefix(address)}${file}`,
    hint: 'Delete what lies under this prefix in that store, then run `ballast copy` again: the set is encrypted anew. Find out who or what changed it.',
    code: 'COPY_DIFFERS',
  })
}
