import { type FileHandle, open } from 'node:fs/promises'
import { throwIfAborted } from '../../abort.ts'
import { Failure } from '../../failure.ts'
import type { ReadOptions } from '../store.ts'
import { fileFailure, hasCode, noSuchKey } from './errors.ts'

const chunkBytes = 256 * 1024

/** The file's bytes in order, from one open file: one that replaces it meanwhile is not seen. */
export async function* readFileObject(path: string, options: ReadOptions): AsyncGenerator<Uint8Array> {
  const { offset = 0, length, signal } = options
  if (length === 0) return
  throwIfAborted(signal, path)
  const handle = await openObject(path)
  try {
    const end = await rangeEnd(handle, path, offset, length)
    for (let position = offset; position < end; ) {
      throwIfAborted(signal, path)
      const wanted = Math.min(chunkBytes, end - position)
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(wanted), 0, wanted, position)
      if (bytesRead === 0) throw endedEarly(end - position, path)
      position += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  } catch (thrown) {
    throw fileFailure(thrown, 'Reading the object', path)
  } finally {
    await handle.close()
  }
}

async function openObject(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (thrown) {
    if (hasCode(thrown, 'ENOENT', 'ENOTDIR')) throw noSuchKey(path)
    throw fileFailure(thrown, 'Reading the object', path)
  }
}

async function rangeEnd(handle: FileHandle, path: string, offset: number, length: number | undefined): Promise<number> {
  const found = await handle.stat()
  if (!found.isFile()) throw noSuchKey(path)
  const end = length === undefined ? found.size : offset + length
  const whole = offset === 0 && length === undefined
  if (whole || (offset < found.size && end <= found.size)) return end
  throw new Failure(`The object has ${found.size} bytes and does not hold ${offset} to ${end}`, {
    kind: 'permanent',
    subject: path,
    code: 'InvalidRange',
    hint: 'The stored object is shorter than it should be: treat it as damaged.',
  })
}

function endedEarly(missing: number, subject: string): Failure {
  return new Failure(`The file became ${missing} bytes shorter while it was being read`, {
    kind: 'transient',
    subject,
    code: 'TruncatedBody',
    hint: 'Another process writes to this file: find out which, then read again.',
  })
}
