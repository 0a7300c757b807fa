import type { ManifestFile } from '../archive/manifest.ts'
import { readFile } from '../archive/read-set.ts'
import { isOtherContent } from './failures.ts'
import type { SetPair } from './send-file.ts'

/** What reading a copy back showed. */
interface ReadBack {
  /** Files that are not what they should be. */
  different: ManifestFile[]
}

/** Reads files of a copy from the first byte to the last, and compares each with its recorded size and SHA-256. */
export async function readBack(
  { target, address, signal }: SetPair,
  files: readonly ManifestFile[],
  read: (bytes: number) => void,
): Promise<ReadBack> {
  const different: ManifestFile[] = []
  for (const file of files) {
    try {
      for await (const part of readFile(target, address, file, signal)) read(part.length)
    } catch (error) {
      if (!isOtherContent(error)) throw error
      different.push(file)
    }
  }
  return { different }
}
