import type { TreeEntry } from '../tree/walk-tree.ts'

/** Something that an image must not hold. Of the checks that would find the same entry, the first in the list does. */
export interface SealCheck {
  /** A few words in kebab case: `ssh-host-keys`. */
  name: string
  /** What to do about it. */
  fix: string
  /** Whether the entry is this check's business. */
  concerns(entry: TreeEntry): boolean
  /** What is wrong with an entry that concerns it, by the entry alone; undefined where its content has to be looked at. */
  entry?(entry: TreeEntry): string | undefined
  /** What is wrong with a part of the file's content; binary files are shown only to a check that says `binaries`. */
  content?(part: Buffer): string | undefined
  binaries?: true
  /** A path that must be there, and found well. */
  needs?: string
}

/** A check that the files (links, directories: `kinds`) whose path matches are not there at all. */
export function absent(
  name: string,
  paths: RegExp,
  fix: string,
  kinds: readonly TreeEntry['kind'][] = ['file', 'link'],
): SealCheck {
  return { name, fix, concerns: ({ path, kind }) => kinds.includes(kind) && paths.test(path), entry: () => 'is there' }
}

/** A check that the content of the files whose path matches is well. */
export function content(name: string, paths: RegExp, look: (text: string) => string | undefined, fix: string): SealCheck {
  return {
    ...{ name, fix },
    concerns: ({ path, kind }) => kind === 'file' && paths.test(path),
    content: (part) => look(part.toString('latin1')),
  }
}
