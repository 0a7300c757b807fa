import { basename } from 'node:path'
import type { ManifestFile } from '../archive/manifest.ts'
import type { ContentStore } from '../platform/encryption/content-store.ts'
import { Failure } from '../platform/failure.ts'
import type { StoredObject } from '../platform/object-store/store.ts'
import { explainToolFailure } from '../platform/postgres/tool-failure.ts'
import { start } from '../platform/process/start.ts'
import type { OutputShape } from './stock-dump.ts'

export interface DumpToStore {
  command: string
  args: readonly string[]
  env: Record<string, string>
  contents: ContentStore
  prefix: string
  file: string
  shape: OutputShape
  /** Bytes to append after the tool's own output. */
  trailer?: Uint8Array
  signal: AbortSignal
  /** Hears of the file just before it exists; what it throws gives it up. */
  announce?: (dump: StoredDump) => Promise<void>
}

/** A stock tool's output as it is stored, and what the tool said beside it. */
export interface StoredDump {
  stored: ManifestFile
  stderr: string
}

/**
 * Streams a stock tool's output into the store. The object is completed only after the tool has closed its output *and*
 * exited 0, and only when the output begins and ends as it must: a tool that dies half-way leaves nothing behind.
 */
export async function dumpToStore(options: DumpToStore): Promise<StoredDump> {
  const { command, args, env, contents, prefix, file, shape, signal, announce } = options
  const upload = contents.upload(prefix + file, { ifAbsent: true, signal })
  const child = start({ command, args, env, signal, explain: explainToolFailure })
  try {
    let begin = ''
    let end = ''
    for await (const bytes of child.stdout as AsyncIterable<Buffer>) {
      if (begin.length < shape.begin.length) begin += bytes.toString('latin1', 0, shape.begin.length)
      if (shape.end !== '') end = (end + bytes.subarray(-shape.end.length).toString('latin1')).slice(-shape.end.length)
      await upload.write(bytes)
    }
    const { stderr } = await child.done
    if (!begin.startsWith(shape.begin) || !end.endsWith(shape.end)) throw notWhole(command, file)
    if (options.trailer !== undefined) await upload.write(options.trailer)
    const dump = ({ bytes, sha256 }: StoredObject): StoredDump => {
      return { stored: { file: file + contents.suffix, bytes, sha256 }, stderr }
    }
    return dump(await upload.finish(announce && ((stored) => announce(dump(stored)))))
  } catch (error) {
    child.kill()
    await Promise.all([upload.abort(), child.done.catch(() => undefined)])
    throw error
  }
}

function notWhole(command: string, file: string): Failure {
  const tool = basename(command)
  return new Failure(`${tool} exited with code 0, but what it wrote is no whole ${file}`, {
    kind: 'permanent',
    subject: tool,
    hint: `Run ${command} by hand to see what it does: it may be a wrapper, or damaged.`,
    code: 'NOT_WHOLE',
  })
}
