import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'
import { type LocalServer, launchServer, type StopMode } from '../functions/platform/postgres/launch-server.ts'
import { serverEnvironment } from '../functions/platform/postgres/local-server.ts'
import { roles, type ServerData } from './data.ts'

/** What a server of the sandbox is started again with. */
export interface ServerNodeOptions {
  guard: Guard
  account: Account | undefined
  pgBin: string
  /** The superuser's. */
  password: string | undefined
}

const pollMs = 10

/** One PostgreSQL server of the sandbox, which can be taken away and started again over the same files. */
export class ServerNode {
  /** Its `application_name` as a standby. */
  readonly name: string
  /** The slot that it streams through, or would. */
  readonly slot: string
  /** Where it is; the pid is that of its first start. */
  readonly data: ServerData
  readonly options: ServerNodeOptions
  #server: LocalServer

  constructor(names: { name: string; slot: string }, server: LocalServer, data: ServerData, options: ServerNodeOptions) {
    this.name = names.name
    this.slot = names.slot
    this.data = data
    this.options = options
    this.#server = server
  }

  running(): boolean {
    return this.#server.running()
  }

  /** Starts it in the role that its files give it. Does nothing while it runs. */
  async start(signal?: AbortSignal): Promise<void> {
    if (this.running()) return
    const { guard, account, pgBin, password } = this.options
    const { dataDirectory, socketDirectory, logFile, port } = this.data
    const files = { dataDirectory, socketDirectory, logFile, postgres: join(pgBin, 'postgres') }
    const access = { listen: { port }, superuser: roles.admin, password, env: serverEnvironment() }
    this.#server = await launchServer(guard, { ...files, ...access, account, signal })
  }

  async stop(mode: StopMode): Promise<void> {
    await this.#server.stop(mode)
  }

  /** SIGKILL to the server and to all of its processes: as when the power goes, nothing more is written or said. */
  async kill(): Promise<void> {
    if (!this.running()) return
    const { pid } = this.#server
    const processes = [pid, ...(await childrenOf(pid))]
    for (const one of processes) end(one)
    while (this.running() || (await anyAlive(processes))) await sleep(pollMs)
  }
}

/** A child that is started while this looks dies by itself, as soon as it sees that the server is gone. */
async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, ...(await statOf(pid)) })))
  return stats.filter((one) => one.parent === parent).map(({ pid }) => pid)
}

async function anyAlive(pids: readonly number[]): Promise<boolean> {
  const states = await Promise.all(pids.map(async (pid) => (await statOf(pid)).state))
  return states.some((state) => state !== undefined && state !== 'Z')
}

/** The name, in brackets, may hold anything. */
async function statOf(pid: number): Promise<{ state?: string; parent?: number }> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state ? { state, parent: Number(parent) } : {}
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
