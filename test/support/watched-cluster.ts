import { expect, vi } from 'vitest'
import { defineCluster } from '../../config/index.ts'
import type { ClusterInput } from '../../config/schema/cluster.ts'
import type { Check, CheckStatus } from '../../functions/platform/check.ts'
import { resolveConnection } from '../../functions/platform/postgres/connection.ts'
import { type Expected, expectedCluster } from '../../functions/replication/expected.ts'
import type { NodeConnection } from '../../functions/replication/gather.ts'
import type { Judged } from '../../functions/replication/judge.ts'
import { pollReplication } from '../../functions/replication/poll.ts'
import type { SandboxConnections, SandboxServer } from '../../sandbox/connections.ts'
import { roles } from '../../sandbox/data.ts'

/** A definition of a primary and so many standbys, with the names and slots that a sandbox gives them. */
export function definitionOf(standbys: number, more: Partial<ClusterInput> = {}): ClusterInput {
  const replicas = Array.from({ length: standbys }, (_, index) => {
    const name = index === 0 ? 'standby' : `standby-${index + 1}`
    return { name, role: 'replica' as const, address: `127.0.0.${12 + index}`, slot: name.replace('-', '_') }
  })
  return {
    name: 'watched',
    nodes: [{ name: 'primary', role: 'primary', address: '127.0.0.11' }, ...replicas],
    databases: [{ name: 'app', owner: 'app' }],
    firewall: { admin: ['127.0.0.1/32'], app: ['127.0.0.1/32'], replica: ['127.0.0.8/29'] },
    backup: {
      stores: [{ type: 'file', name: 'main', directory: '/nowhere' }],
      source: standbys === 0 ? 'primary' : 'standby',
      retention: { keep: { daily: 7 } },
    },
    ...more,
  }
}

/** A sandbox as its monitor sees it: what should be there, and what each poll leaves for the next. */
export class WatchedCluster {
  readonly #connections: readonly NodeConnection[]
  #earlier: Judged['memory'] | undefined
  expected: Expected

  constructor(sandbox: SandboxConnections, more: Partial<ClusterInput> = {}) {
    const { standbys, primary } = sandbox
    this.expected = expectedCluster(defineCluster(definitionOf(standbys.length, more)))
    const servers = [primary, ...standbys]
    this.#connections = this.expected.nodes.map(({ name }, index) => ({
      node: name,
      settings: monitorSettings(servers[index]),
    }))
  }

  async poll(): Promise<Judged> {
    const judged = await pollReplication(this.expected, this.#connections, this.#earlier, new AbortController().signal)
    this.#earlier = judged.memory
    return judged
  }

  /** What is not well in the next poll: `standby: lag fail`, each once. */
  async alarms(status: CheckStatus = 'fail'): Promise<string[]> {
    return alarmsOf(await this.poll(), status)
  }
}

/** Checks of one status, by subject and name. */
export function alarmsOf({ checks }: Pick<Judged, 'checks'>, status: CheckStatus = 'fail'): string[] {
  return checks.filter((check) => check.status === status).map(({ subject, name }) => `${subject}: ${name}`)
}

function monitorSettings(server: SandboxServer | undefined): NodeConnection['settings'] {
  if (server === undefined) throw new Error('the definition has more nodes than the sandbox')
  return resolveConnection(server.url('postgres', roles.monitor), { HOME: '/nowhere' })
}

/** The fault must be seen in this poll or the next, and be told with what to do. */
export async function expectSoon(cluster: WatchedCluster, subject: string, name: string): Promise<Check> {
  for (let poll = 1; poll <= 2; poll += 1) {
    const { checks } = await cluster.poll()
    const found = checks.find((check) => check.subject === subject && check.name === name && check.status === 'fail')
    if (found === undefined) continue
    expect(found.fix).toBeTruthy()
    return found
  }
  throw new Error(`"${subject}: ${name}" has not failed in two polls`)
}

/** Polls until nothing is amiss any more; a fault that has ended must not stay. */
export async function expectWellAgain(cluster: WatchedCluster): Promise<void> {
  await vi.waitFor(async () => expect([...(await cluster.alarms()), ...(await cluster.alarms('warn'))]).toEqual([]), {
    timeout: 60_000,
    interval: 200,
  })
}
