import { Failure, type FailureKind, toFailure } from '../../failure.ts'

const hints: Readonly<Record<string, { kind: FailureKind; hint: string; code?: string }>> = {
  ENOENT: { kind: 'permanent', hint: 'Check the directory and its mount.' },
  EACCES: {
    kind: 'permanent',
    code: 'AccessDenied',
    hint: 'Give the user that runs Ballast read and write access to the directory.',
  },
  EPERM: {
    kind: 'permanent',
    code: 'AccessDenied',
    hint: 'The file system refuses this (ownership, immutable flag, no hard links): check the directory.',
  },
  EROFS: { kind: 'permanent', hint: 'The file system is read-only: look for disk errors in the kernel log, then remount it.' },
  ENOSPC: { kind: 'permanent', hint: 'The disk is full: prune old sets or add space, then run again.' },
  EDQUOT: { kind: 'permanent', hint: 'The disk quota is used up: prune old sets or raise it, then run again.' },
  EFBIG: { kind: 'permanent', hint: 'The file system cannot hold a file this large: use another one, or smaller units.' },
  ENAMETOOLONG: {
    kind: 'config',
    code: 'BadKey',
    hint: 'A name between slashes may have at most 255 bytes in a directory store.',
  },
  ENOTDIR: {
    kind: 'permanent',
    code: 'KeyConflict',
    hint: 'A key of a directory store cannot be a prefix of another: choose other names.',
  },
  EISDIR: {
    kind: 'permanent',
    code: 'KeyConflict',
    hint: 'A key of a directory store cannot be a prefix of another: choose other names.',
  },
  ENOTEMPTY: {
    kind: 'permanent',
    code: 'KeyConflict',
    hint: 'A key of a directory store cannot be a prefix of another: choose other names.',
  },
  EXDEV: { kind: 'config', hint: 'The directory spans several file systems: mount the whole store on one.' },
  EIO: { kind: 'permanent', hint: 'The disk reports an error: read the kernel log before trusting anything on it.' },
  ESTALE: { kind: 'transient', hint: 'The network file system was remounted: run again.' },
  EMFILE: { kind: 'transient', hint: 'Too many files are open: raise the limit (ulimit -n), then run again.' },
}

/** Any error of a file operation as a Failure. @param doing what was tried, as in "Storing the object". */
export function fileFailure(thrown: unknown, doing: string, subject: string): Failure {
  if (thrown instanceof Failure) return thrown
  const code = (thrown as NodeJS.ErrnoException).code
  const known = code === undefined ? undefined : hints[code]
  if (code === undefined || known === undefined) return toFailure(thrown, subject)
  return new Failure(`${doing} failed: ${(thrown as Error).message}`, {
    kind: known.kind,
    subject,
    code: known.code ?? code,
    hint: known.hint,
    cause: thrown,
  })
}

/** Whether an error of Node's has one of the errno names. */
export function hasCode(thrown: unknown, ...codes: readonly string[]): boolean {
  return codes.includes((thrown as NodeJS.ErrnoException).code ?? '')
}

export function noSuchKey(subject: string): Failure {
  return new Failure('The object does not exist', {
    kind: 'permanent',
    subject,
    code: 'NoSuchKey',
    hint: 'The object is not there: list the store, and check the directory.',
  })
}
