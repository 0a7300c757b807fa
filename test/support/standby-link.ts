import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxConnections, SandboxServer } from '../../sandbox/connections.ts'

/** Lets a standby stream from another port of loopback, such as a proxy's, from now on. */
export async function followPort(sandbox: SandboxConnections, standby: SandboxServer, port: number): Promise<void> {
  const own = await sandbox.psql(standby.adminUrl(), 'SHOW primary_conninfo')
  const changed = own.replace(/port=\d+/, `port=${port}`)
  await sandbox.psql(
    standby.adminUrl(),
    `ALTER SYSTEM SET primary_conninfo = '${changed.replaceAll("'", "''")}';\nSELECT pg_reload_conf();`,
  )
}

/** Stops a server of a sandbox at once, and resolves when its process is gone. */
export async function stopServer({ pid }: SandboxServer): Promise<void> {
  process.kill(pid, 'SIGQUIT')
  while (isThere(pid)) await sleep(20)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
