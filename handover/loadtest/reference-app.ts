import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startGuard } from '../../functions/platform/guard/guard.ts'
import { privateDirectory } from '../../functions/platform/process/private-directory.ts'
import { run } from '../../functions/platform/process/run.ts'
import type { Target } from '../../loadtests/plan.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { type Service, startService, untilAnswering } from '../../sandbox/service.ts'

/** Its services, each a process with a port of its own; `entries` also has the websockets. */
const referenceServices = ['entries', 'consolidation'] as const

export type ReferenceService = (typeof referenceServices)[number]

/** The reference application, running on loopback. */
export interface ReferenceApp {
  /** `entries`, `consolidation` and `websocket`. */
  targets: Target[]
  /** Takes one service down, as a crash or a release would; the others go on. */
  stopService(name: ReferenceService): Promise<void>
  /** Starts a service that was stopped, on the same port, and waits until it answers. */
  startService(name: ReferenceService): Promise<void>
  /** Stops everything. Idempotent. */
  stop(): Promise<void>
}

export interface ReferenceAppOptions {
  /** Of a role that may create tables; through PgBouncer, as an application goes. */
  databaseUrl: string
  redisUrl?: string
  /** Aborting ends the start; who started it stops it. */
  signal?: AbortSignal
}

const program = join(import.meta.dirname, '../../loadtests/reference-app/main.ts')
const readyWithinMs = 20_000

/** Makes the application's tables and starts its services, each under a guard that ends it with this process. */
export async function startReferenceApp(options: ReferenceAppOptions): Promise<ReferenceApp> {
  const { signal } = options
  const directory = await privateDirectory('ballast-reference-app-')
  const guard = startGuard()
  const stop = async () => {
    await guard.release()
    await directory.dispose()
  }
  try {
    const env = await secretFiles(directory.path, options)
    await run({ ...commandOf('schema'), env, timeoutMs: readyWithinMs, ...(signal === undefined ? {} : { signal }) })
    const [entries = 0, consolidation = 0] = await freePorts(referenceServices.length)
    const ports = { entries, consolidation }
    const running = new Map<ReferenceService, Service>()
    const startOne = async (name: ReferenceService) => {
      const log = join(directory.path, `${name}.log`)
      const own = { ...env, PORT: String(ports[name]) }
      const place = { cwd: directory.path, account: undefined, log }
      const service = await startService(guard, { name, ...commandOf(name), env: own, ...place })
      running.set(name, service)
      await untilAnswering(service, () => isHealthy(ports[name]), readyWithinMs, signal)
    }
    await Promise.all(referenceServices.map(startOne))
    return {
      targets: targetsAt(ports),
      stopService: async (name) => await running.get(name)?.stop(),
      startService: startOne,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What the targets are asked: one booking to two looks at the last ones, and the sums of the day. */
function targetsAt(ports: Readonly<Record<ReferenceService, number>>): Target[] {
  const body = JSON.stringify({ kind: 'credit', amountCents: 1_250, description: 'load test' })
  const look = { method: 'GET', path: '', status: 200, contains: '"entries"' } as const
  return [
    {
      name: 'entries',
      url: `http://127.0.0.1:${ports.entries}/entries`,
      requests: [{ method: 'POST', path: '', body, status: 201, contains: '"id"' }, look, look],
    },
    {
      name: 'consolidation',
      url: `http://127.0.0.1:${ports.consolidation}/daily`,
      requests: [{ method: 'GET', path: '', status: 200, contains: '"balanceCents"' }],
    },
    { name: 'websocket', url: `ws://127.0.0.1:${ports.entries}/live` },
  ]
}

function commandOf(what: string): { command: string; args: string[] } {
  return { command: process.execPath, args: [program, what] }
}

/** URLs hold passwords: they go into files of a private directory, and their paths into the environment. */
async function secretFiles(directory: string, { databaseUrl, redisUrl }: ReferenceAppOptions): Promise<Record<string, string>> {
  const files = { DATABASE_URL_FILE: databaseUrl, ...(redisUrl === undefined ? {} : { REDIS_URL_FILE: redisUrl }) }
  const env: Record<string, string> = {}
  for (const [name, url] of Object.entries(files)) {
    const path = join(directory, name)
    await writeFile(path, url, { mode: 0o600 })
    env[name] = path
  }
  return env
}

async function isHealthy(port: number): Promise<boolean> {
  const url = `http://127.0.0.1:${port}/health`
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}
