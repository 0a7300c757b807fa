import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard } from '../../functions/platform/guard/guard.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { startService, untilAnswering } from '../../sandbox/service.ts'
import { motoPython } from '../../tools/moto/build.ts'

/** A running moto server: AWS's control plane (SNS, SES, Secrets Manager, Scheduler, ...) on loopback, empty at first. */
export interface Moto {
  endpoint: string
  /** What an AWS client needs to find it: the standard AWS_* variables. */
  env: Record<string, string>
  /** What moto's own interface says of a service: `state('ses')`. Parsed JSON. */
  state(service: string): Promise<Record<string, unknown>>
  /** Ends it and removes its directory. */
  stop(): Promise<void>
}

const readyWithinMs = 60_000

/** Starts moto server on a free port of 127.0.0.1, and puts the variables that lead to it into this process's environment. */
export async function startMoto(): Promise<Moto> {
  const moto = await startMotoServer()
  Object.assign(process.env, moto.env)
  return moto
}

export interface MotoOptions {
  /** Where its interpreter of state machines finds Lambda and S3, on localhost; moto itself without it. */
  tasksPort?: number
  /** In which its own directory is made. */
  directory?: string
}

/** Starts moto server on a free port of 127.0.0.1. */
export async function startMotoServer({ tasksPort, directory: parent = tmpdir() }: MotoOptions = {}): Promise<Moto> {
  const python = await motoPython()
  const guard = startGuard()
  try {
    const directory = join(parent, `ballast-moto-${randomUUID()}`)
    guard.removeAtEnd(directory)
    await mkdir(directory)
    const [port = 0] = await freePorts(1)
    const args = ['-m', 'moto.server', '--host', '127.0.0.1', '--port', String(port)]
    const log = join(directory, 'moto.log')
    // Its own clients must find no real credentials, and nothing of the caller's.
    const env = { HOME: directory, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', AWS_EC2_METADATA_DISABLED: 'true' }
    const tasks = tasksPort === undefined ? {} : { MOTO_PORT: String(tasksPort) }
    const service = await startService(guard, {
      name: 'moto',
      command: python,
      args,
      env: { ...env, ...tasks },
      cwd: directory,
      account: undefined,
      log,
    })
    const endpoint = `http://127.0.0.1:${port}`
    await untilAnswering(service, () => answers(`${endpoint}/moto-api/`), readyWithinMs, undefined)
    const aws = {
      ...{ AWS_ACCESS_KEY_ID: 'AKIAMOTO', AWS_SECRET_ACCESS_KEY: 'moto-secret', AWS_REGION: 'us-east-1' },
      ...{ AWS_ENDPOINT_URL: endpoint, AWS_EC2_METADATA_DISABLED: 'true' },
    }
    return { endpoint, env: aws, state: (service) => serviceState(endpoint, service), stop: () => guard.release() }
  } catch (error) {
    await guard.release()
    throw error
  }
}

async function answers(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok ?? false
}

async function serviceState(endpoint: string, service: string): Promise<Record<string, unknown>> {
  const all = (await (await fetch(`${endpoint}/moto-api/data.json`)).json()) as Record<string, Record<string, unknown>>
  return all[service] ?? {}
}
