import { randomUUID } from 'node:crypto'
import type { ClusterInput } from '../../config/schema/cluster.ts'
import { type ReferenceApp, startReferenceApp } from '../../handover/loadtest/reference-app.ts'
import type { SandboxConnections } from '../../sandbox/connections.ts'
import { roles } from '../../sandbox/data.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { startTcpProxy } from './tcp-proxy.ts'
import { definitionOf } from './watched-cluster.ts'

/** The sandbox as the machines of a definition, with the reference application on them. */
export interface LoadCluster {
  definition: ClusterInput
  /** Where the definition's secrets are. */
  env: Record<string, string>
  application: ReferenceApp
  stop(): Promise<void>
}

/** Every node has an address of its own and all have the same ports, as machines do. */
export async function startLoadCluster(sandbox: SandboxConnections): Promise<LoadCluster> {
  const database = `load_${randomUUID().slice(0, 8)}`
  await sandbox.createDatabase(database)
  const application = await startReferenceApp({ databaseUrl: sandbox.pgbouncer.url(database) })
  const [port = 0, poolerPort = 0] = await freePorts(2)
  const ways = [
    { host: '127.0.0.11', at: port, to: sandbox.primary.port },
    { host: '127.0.0.12', at: port, to: sandbox.standby.port },
    { host: '127.0.0.11', at: poolerPort, to: sandbox.pgbouncer.port },
  ]
  const proxies = await Promise.all(
    ways.map(({ host, at, to }) => startTcpProxy({ host: '127.0.0.1', port: to }, { host, port: at })),
  )
  const definition = definitionOf(1, {
    environment: 'staging',
    databases: [{ name: database, owner: 'app' }],
    postgres: { version: 15, packages: 'pgdg', port, tls: { mode: 'disable' } },
    pgbouncer: { version: '1.18.0', port: poolerPort },
    accounts: { monitor: { password: { env: 'MONITOR_PASSWORD' } } },
    loadtests: {
      targets: Object.fromEntries(application.targets.map(({ name, url }) => [name, url])),
      goals: { websockets: 20 },
      pgbench: { clients: 40, duration: '2 s' },
    },
  } as Partial<ClusterInput>)
  const { passwords } = sandbox.data
  return {
    ...{ definition, application },
    env: { MONITOR_PASSWORD: passwords[roles.monitor] ?? '', PGPASSWORD: passwords[roles.app] ?? '' },
    stop: async () => {
      await application.stop()
      await Promise.all(proxies.map((proxy) => proxy.stop()))
    },
  }
}
