import { open } from 'node:fs/promises'

const windowBytes = 1024 * 1024
/** What starts near the end of one window is seen whole in the next. */
const overlapBytes = 16 * 1024

/** A file in pieces that overlap, so that no file has to fit into memory. The next piece takes the place of the last. */
export async function* readWindows(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  try {
    const window = Buffer.allocUnsafe(windowBytes)
    let kept = 0
    while (true) {
      const { bytesRead } = await file.read(window, kept, windowBytes - kept)
      if (bytesRead === 0) return
      yield window.subarray(0, kept + bytesRead)
      const end = kept + bytesRead
      kept = Math.min(overlapBytes, end)
      window.copy(window, 0, end - kept, end)
    }
  } finally {
    await file.close()
  }
}
