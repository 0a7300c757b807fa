import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure, toFailure } from '../failure.ts'
import { type Child, type StartSpec, start } from './start.ts'

/** A program to run to its end, with its whole output kept. */
export interface RunSpec extends Omit<StartSpec, 'stdin'> {
  /** What the child reads; it must read all of it. */
  input?: Uint8Array | AsyncIterable<Uint8Array>
}

const OUTPUT_BYTES = 64 * 1024 * 1024

/**
 * Runs a program and returns what it wrote (as UTF-8, at most 64 MiB; stderr its last 64 KiB).
 *
 * @throws Failure unless the exit code is 0, all of the input was taken and the output ended.
 */
export async function run(spec: RunSpec): Promise<{ stdout: string; stderr: string; exitCode: 0 }> {
  const { input, ...rest } = spec
  const child = start({ ...rest, stdin: input !== undefined })
  const fed = feed(child, input)
  const [output, feeding, ending] = await Promise.allSettled([collect(child, spec.command), fed, child.done])
  // The child's own account comes first: a broken pipe is only its consequence.
  if (ending.status === 'rejected' && !stoppedByUs(ending.reason, output, feeding)) throw ending.reason
  if (output.status === 'rejected') throw toFailure(output.reason, spec.command)
  if (feeding.status === 'rejected') throw inputFailure(spec.command, feeding.reason)
  if (ending.status === 'rejected') throw ending.reason
  return { stdout: output.value, stderr: ending.value.stderr, exitCode: 0 }
}

function stoppedByUs(ending: unknown, ...parts: PromiseSettledResult<unknown>[]): boolean {
  const ours = parts.some((part) => part.status === 'rejected' && !isBrokenPipe(part.reason))
  return ours && ending instanceof Failure && ending.code === 'SIGTERM'
}

async function feed(child: Child, input: RunSpec['input']): Promise<void> {
  if (input === undefined || child.stdin === undefined) return
  try {
    await pipeline(input instanceof Uint8Array ? Readable.from([input]) : input, child.stdin)
  } catch (error) {
    if (!isBrokenPipe(error)) child.kill()
    throw error
  }
}

async function collect(child: Child, command: string): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    bytes += part.byteLength
    if (bytes > OUTPUT_BYTES) {
      child.kill()
      throw new Failure(`${basename(command)} wrote more than ${OUTPUT_BYTES} bytes where little was expected`, {
        kind: 'permanent',
        subject: basename(command),
        hint: 'Its output is kept in memory and so is limited; look at what makes it so large.',
      })
    }
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function inputFailure(command: string, error: unknown): Failure {
  if (!isBrokenPipe(error)) return toFailure(error, basename(command))
  return new Failure(`${basename(command)} ended well without reading all of its input`, {
    kind: 'permanent',
    subject: basename(command),
    hint: 'Treat what it did as incomplete, and look at its input for a command that makes it stop early.',
    cause: error,
  })
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
