import type { Manifest } from './manifest.ts'

/** The name under which a set stores one of its files: an encrypted one says so. */
export function storedFile({ encryption }: Pick<Manifest, 'encryption'>, file: string): string {
  return encryption === undefined ? file : `${file}.age`
}
