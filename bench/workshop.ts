import { mkdtemp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Guard, startGuard } from '../functions/platform/guard/guard.ts'
import { programDirectories } from '../functions/platform/process/programs.ts'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import type { Surroundings } from './measure/run-measured.ts'
import { type SecureGateway, startSecureGateway } from './secure-gateway.ts'

/** What everything is measured in: one PostgreSQL server, one S3 server, and a directory for what tools keep locally. */
export interface Workshop {
  sandbox: Sandbox
  gateway: SecureGateway
  /** Private, on the same disk as the servers; removed at the end. */
  directory: string
  guard: Guard
  /** PATH of every command: the server's own programs first. */
  path: string
  around: Surroundings
  signal: AbortSignal
  say(line: string): void
  stop(): Promise<void>
}

/** PostgreSQL settings beyond the sandbox's own: the same server for all tools, sized as for a machine that serves it alone. */
export const serverSettings: Readonly<Record<string, string>> = {
  shared_buffers: '1GB',
  maintenance_work_mem: '256MB',
  max_wal_size: '8GB',
  checkpoint_timeout: '30min',
  // Its workers would come at moments of their own.
  autovacuum: 'off',
}

/** Starts the servers. They end with `stop`, with the signal, or with this process. */
export async function openWorkshop(signal: AbortSignal, say: (line: string) => void): Promise<Workshop> {
  const sandbox = await startSandbox({ standby: false, pgbouncer: false, databases: [], settings: serverSettings, signal })
  const guard = startGuard()
  let gateway: SecureGateway | undefined
  const stop = async () => {
    await gateway?.stop()
    await guard.release()
    await sandbox.stop()
  }
  try {
    const directory = await mkdtemp(join(dirname(sandbox.directory), 'ballast-bench-'))
    guard.removeAtEnd(directory)
    gateway = await startSecureGateway(sandbox.s3, join(sandbox.directory, 'secure-gateway'), signal)
    const storePids = [sandbox.s3.pid, gateway.pid]
    const around = { guard, directory, postmaster: sandbox.data.primary.pid, storePids, signal }
    const path = [sandbox.pgBin, ...(await programDirectories(process.env))].join(':')
    return { sandbox, gateway, directory, guard, path, around, signal, say, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
