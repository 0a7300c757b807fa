import type { ChildProcess } from 'node:child_process'
import { type FileHandle, open, readFile } from 'node:fs/promises'
import { StringDecoder } from 'node:string_decoder'
import { setTimeout as sleep } from 'node:timers/promises'
import { abortFailure } from '../abort.ts'
import type { Failure } from '../failure.ts'
import { endedBadly, notStarted, tookTooLong } from '../process/child-failure.ts'
import type { Guard } from './guard.ts'

/** A program that runs for minutes, tells how far it is, and must not outlive this process. */
export interface LoggedRun {
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  /** File that takes both outputs; made or continued. */
  log: string
  timeoutMs: number
  signal?: AbortSignal | undefined
  /** What it wrote, line by line, soon after it did. */
  onLine?: (line: string) => void
}

const pollMs = 250
const graceMs = 20_000

/** Runs a program to its end under a guard. @throws Failure with the end of its log unless the exit code is 0. */
export async function runLogged(guard: Guard, spec: LoggedRun): Promise<void> {
  const { command, args, env, cwd, log, signal, timeoutMs } = spec
  const file = await open(log, 'a+')
  try {
    const { size } = await file.stat()
    const child = guard.spawn(command, args, { env, cwd, output: file.fd, endSignal: 'SIGTERM' })
    const end = endOf(command, child)
    const lines = lineReader(file, size, spec.onLine)
    const deadline = performance.now() + timeoutMs
    let stopped: Failure | undefined
    while ((await Promise.race([end.then(() => true), sleep(pollMs, false)])) === false) {
      await lines()
      if (stopped !== undefined) continue
      if (signal?.aborted) stopped = abortFailure(signal, command)
      else if (performance.now() > deadline) stopped = tookTooLong(command, timeoutMs)
      if (stopped !== undefined) stop(child)
    }
    await lines()
    const ended = await end
    if (stopped !== undefined) throw stopped
    if (ended.exitCode !== 0) throw endedBadly(command, ended, await readFile(log, 'utf8'))
  } finally {
    await file.close()
  }
}

interface End {
  exitCode: number | null
  signal: NodeJS.Signals | null
}

function endOf(command: string, child: ChildProcess): Promise<End> {
  const end = new Promise<End>((resolve, reject) => {
    child.once('error', (error) => reject(notStarted(command, error)))
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
  })
  end.catch(() => undefined)
  return end
}

function stop(child: ChildProcess): void {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
  child.once('exit', () => clearTimeout(timer))
}

/** Reads on from a position, and hands over the lines that are complete. */
function lineReader(file: FileHandle, from: number, onLine: LoggedRun['onLine']): () => Promise<void> {
  const buffer = Buffer.alloc(64 * 1024)
  const decoder = new StringDecoder('utf8')
  let position = from
  let rest = ''
  return async () => {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      const parts = `${rest}${decoder.write(buffer.subarray(0, bytesRead))}`.split('\n')
      rest = parts.pop() ?? ''
      if (onLine !== undefined) for (const line of parts) onLine(line)
    }
  }
}
