import type { ManifestFile } from '../archive/manifest.ts'
import type { ObjectStore } from '../platform/object-store/store.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { start } from '../platform/process/start.ts'

export interface DumpToStore {
  command: string
  args: readonly string[]
  env: Record<string, string>
  store: ObjectStore
  prefix: string
  file: string
  /** Bytes to append after the tool's own output. */
  trailer?: Uint8Array
  signal: AbortSignal
}

/**
 * Streams a stock tool's output into the store. The object is completed only after the tool has closed its output *and*
 * exited 0: a tool that dies half-way leaves nothing behind.
 */
export async function dumpToStore(options: DumpToStore): Promise<{ stored: ManifestFile; stderr: string }> {
  const { command, args, env, store, prefix, file, signal } = options
  const upload = store.upload(prefix + file, { ifAbsent: true, signal })
  const child = start({ command, args, env, signal, explain: explainToolFailure })
  try {
    for await (const bytes of child.stdout) await upload.write(bytes as Buffer)
    const { stderr } = await child.done
    if (options.trailer !== undefined) await upload.write(options.trailer)
    const { bytes, sha256 } = await upload.finish()
    return { stored: { file, bytes, sha256 }, stderr }
  } catch (error) {
    child.kill()
    await Promise.all([upload.abort(), child.done.catch(() => undefined)])
    throw error
  }
}
