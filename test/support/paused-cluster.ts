import { vi } from 'vitest'
import type { Cluster } from '../../config/cluster.ts'
import type { Check } from '../../functions/platform/check.ts'
import type { Outcome } from '../../functions/platform/outcome.ts'
import { scheduledReplication } from '../../functions/replication/scheduled-replication.ts'
import { attend } from '../../functions/runtime/attend/attend.ts'
import { roles } from '../../sandbox/data.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import type { FanOutOptions } from './fan-out-case.ts'
import { type HttpReceiver, startHttpReceiver } from './http-receiver.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** The standby that backups pause, and the one that they leave alone. */
export const [pausable, other] = ['standby', 'standby-2'] as const

/** A primary and two standbys as a definition has them: at addresses of their own, with one port. */
export interface PausedCluster {
  readonly sandbox: Sandbox
  /** What people were told. */
  readonly hook: HttpReceiver
  /** For a run that pauses the first standby. */
  options(more?: FanOutOptions): FanOutOptions
  onPrimary(sql: string, database?: string): Promise<string>
  onStandby(sql: string, index?: number): Promise<string>
  pauseState(index?: number): Promise<string>
  /** One run of the operation `replication`, so much later than now, with its alerts. */
  poll(cluster: Cluster, env: Readonly<Record<string, string>>, laterMs?: number): Promise<Polled>
  stop(): Promise<void>
}

export interface Polled {
  outcome: Outcome
  /** What it found about a check of one subject. */
  find(subject: string, name: string): Check | undefined
}

export const grants = `GRANT EXECUTE ON FUNCTION pg_wal_replay_pause(), pg_wal_replay_resume() TO ${roles.backup};
  GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO ${roles.monitor};`

const addresses = ['127.0.0.11', '127.0.0.12', '127.0.0.13']

/** Starts it. Its standbys end whatever is in the way of their replay, at once. */
export async function startPausedCluster(): Promise<PausedCluster> {
  const settings = { max_standby_streaming_delay: '0', hot_standby_feedback: 'off', wal_receiver_status_interval: '1s' }
  const sandbox = await startSandbox({ standby: 2, settings })
  const servers = [sandbox.primary, ...sandbox.standbys]
  const port = sandbox.standby.port
  const proxies: TcpProxy[] = []
  for (const [index, server] of servers.entries()) {
    const host = addresses[index] ?? ''
    proxies.push(await startTcpProxy({ host: '127.0.0.1', port: server.port }, { host, port }))
    const pooler = sandbox.pgbouncer.port
    proxies.push(await startTcpProxy({ host: '127.0.0.1', port: pooler }, { host, port: pooler }))
  }
  const hook = await startHttpReceiver()
  const onStandby = (sql: string, index = 0) => sandbox.psql(sandbox.standbys[index]?.adminUrl() ?? '', sql)
  return {
    ...{ sandbox, hook, onStandby },
    options: (more = {}) => ({ ...more, ...definitionParts(sandbox, port, hook, more) }),
    onPrimary: (sql, database) => sandbox.psql(sandbox.primary.adminUrl(database), sql),
    pauseState: (index) => onStandby('SELECT pg_get_wal_replay_pause_state()', index),
    poll: async (cluster, env, laterMs = 0) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + laterMs })
      try {
        const run = { cluster, env, dueMs: Date.now(), signal: new AbortController().signal, note: () => undefined }
        return polled(await attend('replication', scheduledReplication, run))
      } finally {
        vi.useRealTimers()
      }
    },
    stop: async () => {
      await hook.stop()
      for (const proxy of proxies) await proxy.stop()
      await sandbox.stop()
    },
  }
}

function definitionParts(sandbox: Sandbox, port: number, hook: HttpReceiver, { fanOut = '' }: FanOutOptions): FanOutOptions {
  const [primary, first, second] = addresses
  return {
    nodes: `[{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'primary', role: 'primary', address: '${primary}' },
      { name: '${pausable}', role: 'replica', address: '${first}', slot: 'standby' },
      { name: '${other}', role: 'replica', address: '${second}', slot: 'standby_2' }]`,
    more: `postgres: { port: ${port}, tls: { mode: 'disable' } }, pgbouncer: { port: ${sandbox.pgbouncer.port} }, accounts: { monitor: { password: env('MONITOR_PASSWORD') } },
      alerts: { channels: [{ type: 'webhook', name: 'own', url: '${hook.url}/hook', signingKey: env('HOOK_KEY') }] },`,
    fanOut: `pauseReplica: '${pausable}', ${fanOut}`,
    secrets: { MONITOR_PASSWORD: sandbox.data.passwords[roles.monitor] ?? '', HOOK_KEY: 'key' },
  }
}

function polled(outcome: Outcome): Polled {
  const { checks } = outcome.details as { checks: Check[] }
  return { outcome, find: (subject, name) => checks.find((check) => check.subject === subject && check.name === name) }
}
