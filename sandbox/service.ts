import { open, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { throwIfAborted } from '../functions/platform/abort.ts'
import { Failure } from '../functions/platform/failure.ts'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'

/** A background program of the sandbox. */
export interface Service {
  readonly name: string
  readonly pid: number
  readonly log: string
  running(): boolean
  /** Ends it with SIGTERM, then SIGKILL; resolves when it is gone. Idempotent. */
  stop(): Promise<void>
}

/** How a background program is started. */
export interface ServiceOptions {
  name: string
  command: string
  args: readonly string[]
  env: Readonly<Record<string, string>>
  cwd: string
  account: Account | undefined
  /** File that takes what it prints. */
  log: string
}

const graceMs = 5_000
const pollMs = 20

/** Starts a program under a guard. */
export async function startService(guard: Guard, options: ServiceOptions): Promise<Service> {
  const { name, command, args, env, cwd, account, log } = options
  const file = await open(log, 'a')
  const child = guard.spawn(command, args, { env, cwd, account, endSignal: 'SIGTERM', output: file.fd })
  let ended = false
  const gone = new Promise<void>((resolve) => {
    const note = () => {
      ended = true
      resolve()
    }
    child.once('exit', note)
    child.once('error', note)
  })
  await file.close()
  return {
    ...{ name, log },
    pid: child.pid ?? -1,
    running: () => !ended,
    stop: async () => {
      if (!ended) child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await gone
      clearTimeout(timer)
    },
  }
}

/** Resolves once the check says yes; a program that ends first, or takes too long, is a Failure with its log. */
export async function untilAnswering(
  service: Service,
  check: () => Promise<boolean>,
  withinMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = performance.now() + withinMs
  while (service.running() && performance.now() < deadline) {
    throwIfAborted(signal, service.name)
    if (await check()) return
    await sleep(pollMs)
  }
  const log = (await readFile(service.log, 'utf8')).trim().slice(-2_000)
  const what = service.running() ? `did not answer within ${withinMs / 1000} s` : 'ended while starting'
  throw new Failure(`${service.name} ${what}: ${log || 'it logged nothing'}`, {
    kind: 'permanent',
    subject: service.name,
    hint: 'Read the log above for the cause; the sandbox is gone, so start it again afterwards.',
  })
}
