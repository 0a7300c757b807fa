import type { Cluster } from '../../config/cluster.ts'
import type { ListeningSocket } from '../../functions/images/lab/listening-sockets.ts'
import { Failure } from '../../functions/platform/failure.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { serverUrl } from '../../functions/platform/postgres/server-files.ts'
import type { NodeConnection } from '../../functions/replication/gather.ts'
import { roles } from '../../sandbox/data.ts'
import { askAdmin, followPrimary, primaryConninfo, untilStreaming } from '../../sandbox/follow-primary.ts'
import { psql } from '../../sandbox/psql.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { ServerNode } from '../../sandbox/server-node.ts'
import { startReferenceApp } from '../loadtest/reference-app.ts'
import { passwordSql } from './password-sql.ts'
import { recoverSandbox, runPgbackrest } from './sandbox-archive.ts'
import { sandboxEnvironment } from './sandbox-cluster.ts'
import { sandboxDisk } from './sandbox-disk.ts'
import { sandboxSockets } from './sandbox-sockets.ts'
import type { Endpoint, RecoveredServer, RemovableStore, Site, SiteApplication, SiteDisk, SiteNode } from './site.ts'

/** What a sandbox is as a site. */
export interface SandboxParts extends Pick<Site, 'definition' | 'cluster' | 'env'> {
  sandbox: Sandbox
  /** Of the store that backups go to. */
  settings: StoreSettings
}

const promoteWithinSeconds = 60
/** Nothing listens there. */
const nowherePort = 1

/**
 * A sandbox in the place of a definition's machines. Its one PgBouncer stands before whichever server is the primary, as an
 * application would be led there.
 */
export class SandboxSite implements Site {
  readonly on = 'sandbox'
  readonly definition: Cluster
  readonly cluster: Cluster
  readonly env: NodeJS.ProcessEnv
  readonly nodes: readonly [SiteNode, ...SiteNode[]]
  readonly store: RemovableStore
  readonly disk?: SiteDisk
  readonly sandbox: Sandbox
  #primary: ServerNode

  constructor({ sandbox, definition, cluster, env, settings }: SandboxParts) {
    const [primary, ...replicas] = sandbox.parts.nodes
    if (primary === undefined) throw new Error('a sandbox has a primary')
    this.sandbox = sandbox
    this.#primary = primary
    this.definition = definition
    this.cluster = cluster
    this.env = env
    this.nodes = [{ name: primary.name, role: 'primary' }, ...replicas.map(({ name }) => ({ name, role: 'replica' as const }))]
    const { s3Server } = sandbox.parts
    this.store = {
      settings,
      cut: async () => await s3Server?.stop(),
      reconnect: async (signal) => await s3Server?.start(signal),
    }
    const disk = sandboxDisk(sandbox.parts)
    if (disk !== undefined) this.disk = disk
  }

  async sql(node: string, script: string, options: { database?: string; signal?: AbortSignal } = {}): Promise<string> {
    const { database = 'postgres', signal } = options
    return await psql(this.sandbox.pgBin, this.#url(node, database, roles.admin), script, signal)
  }

  reach(node: string, through: 'pooler' | 'direct'): Promise<Endpoint> {
    const { port } = through === 'pooler' ? this.sandbox.pgbouncer : this.#node(node).data
    return Promise.resolve({ host: '127.0.0.1', port, sslmode: 'disable' })
  }

  monitors(part: 'server' | 'pooler'): Promise<NodeConnection[]> {
    const { pgbouncer } = this.sandbox
    const monitored = this.nodes.map(({ name }) => {
      const url = part === 'server' ? this.#url(name, 'postgres', roles.monitor) : pgbouncer.url('pgbouncer', roles.monitor)
      return { node: name, settings: resolveConnection(url, {}) }
    })
    // There is one pooler.
    return Promise.resolve(part === 'server' ? monitored : monitored.slice(0, 1))
  }

  async cutPower(node: string): Promise<void> {
    await this.#node(node).kill()
  }

  async stop(node: string): Promise<void> {
    await this.#node(node).stop('fast')
  }

  async start(node: string, signal: AbortSignal): Promise<void> {
    await this.#node(node).start(signal)
  }

  async promote(node: string, signal: AbortSignal): Promise<void> {
    const server = this.#node(node)
    const promoted = await askAdmin(server, `SELECT pg_promote(true, ${promoteWithinSeconds})`, signal)
    if (promoted !== 't') throw notPromoted(server)
    this.#primary = server
    await this.sandbox.parts.pooler?.leadTo(server.data.port)
  }

  async rejoin(node: string, primary: string, signal: AbortSignal): Promise<void> {
    await followPrimary(this.#node(node), this.#node(primary), this.#replicationPassword, signal)
  }

  async cutReplica(node: string, signal: AbortSignal): Promise<void> {
    await this.#lead(this.#node(node), nowherePort, signal)
  }

  async reconnectReplica(node: string, signal: AbortSignal): Promise<void> {
    await this.#lead(this.#node(node), this.#primary.data.port, signal)
    await untilStreaming(this.#node(node), signal)
  }

  async pgbackrest(node: string, args: readonly string[], signal: AbortSignal): Promise<string> {
    return await runPgbackrest(this.#node(node), this.definition, args, signal)
  }

  async recoverTo(node: string, moment: string, signal: AbortSignal): Promise<RecoveredServer> {
    return await recoverSandbox(this.#node(node), this.definition, moment, signal)
  }

  async listening(): Promise<ListeningSocket[]> {
    return await sandboxSockets(this.sandbox.directory)
  }

  async application(databaseUrl: string, signal: AbortSignal): Promise<SiteApplication> {
    return await startReferenceApp({ databaseUrl, signal })
  }

  async rotatePassword(role: string, password: string, signal: AbortSignal): Promise<void> {
    const { passwords } = this.sandbox.data
    await askAdmin(this.#primary, passwordSql(role, password), signal)
    passwords[role] = password
    Object.assign(this.env, sandboxEnvironment(this.sandbox.data, this.env))
    await this.sandbox.parts.pooler?.rereadPasswords()
  }

  close(): Promise<void> {
    return this.sandbox.stop()
  }

  get #replicationPassword(): string | undefined {
    return this.sandbox.data.passwords[roles.replication]
  }

  async #lead(node: ServerNode, port: number, signal: AbortSignal): Promise<void> {
    const conninfo = primaryConninfo(node, port, this.#replicationPassword).replaceAll("'", "''")
    await askAdmin(node, `ALTER SYSTEM SET primary_conninfo = '${conninfo}';\nSELECT pg_reload_conf()`, signal)
  }

  #url(node: string, database: string, user: string): string {
    const password = this.sandbox.data.passwords[user]
    return serverUrl({ host: '127.0.0.1', port: this.#node(node).data.port, database, user, password })
  }

  #node(name: string): ServerNode {
    const found = this.sandbox.parts.nodes.find((node) => node.name === name)
    if (found === undefined) throw new Error(`the sandbox has no node ${name}`)
    return found
  }
}

function notPromoted({ name, data }: ServerNode): Failure {
  return new Failure(`it was no primary ${promoteWithinSeconds} s after the command`, {
    ...{ kind: 'permanent', subject: name, hint: `Read its log: ${data.logFile}` },
  })
}
