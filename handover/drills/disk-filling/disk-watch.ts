import type { Check } from '../../../functions/platform/check.ts'
import { type Expected, expectedCluster } from '../../../functions/replication/expected.ts'
import { pollReplication } from '../../../functions/replication/poll.ts'
import { replicationOutcome } from '../../../functions/replication/replication-outcome.ts'
import { observationsOf } from '../../../functions/runtime/attend/observations.ts'
import { definedPrimary } from '../../sites/site.ts'
import type { AlertListener } from '../alert-listener.ts'
import type { DrillScene } from '../drill.ts'

/** Polls the disk of the primary as the schedule does, only faster, and tells what it finds. */
export class DiskWatch {
  readonly rows: (string | number)[][] = []
  readonly #scene: DrillScene
  readonly #listener: AlertListener
  readonly #diskBytes: number

  /**
   * @param diskBytes what PostgreSQL takes and what is free: what others have on the same disk, such as what a drill made it
   * smaller with, Ballast cannot know.
   */
  constructor(scene: DrillScene, listener: AlertListener, diskBytes: number) {
    this.#scene = scene
    this.#listener = listener
    this.#diskBytes = diskBytes
  }

  /**
   * One poll: how much of the disk is free, and whether that is too little.
   *
   * @param step of the filling, for the evidence; none where there is nothing to show any more.
   */
  async poll(step?: number): Promise<{ freePercent: number; bad: boolean }> {
    const { site, signal } = this.#scene
    const primary = definedPrimary(site)
    const judged = await pollReplication(this.#expected(), await site.monitors('server'), undefined, signal)
    const checks = judged.checks.filter(({ subject, name }) => subject === primary && name === 'disk')
    const run = { cluster: site.cluster.name, operation: 'replication' } as const
    const outcome = replicationOutcome('replication', site.cluster.name, { ...judged, checks })
    await this.#listener.tell(observationsOf(run, outcome), signal)
    const free = await this.#freeBytes()
    const freePercent = (free / this.#diskBytes) * 100
    const [check] = checks
    if (step !== undefined) this.rows.push([step, freePercent.toFixed(1), free, findingOf(check)])
    return { freePercent, bad: check?.status === 'fail' }
  }

  async #freeBytes(): Promise<number> {
    const { site, signal } = this.#scene
    if (site.disk === undefined) throw new Error('a disk that is watched is there')
    return (await site.disk.room(definedPrimary(site), signal)).free
  }

  #expected(): Expected {
    const { site } = this.#scene
    const expected = expectedCluster(site.cluster)
    const primary = definedPrimary(site)
    const nodes = expected.nodes.map((node) => (node.name === primary ? { ...node, diskBytes: this.#diskBytes } : node))
    return { ...expected, nodes }
  }
}

function findingOf(check: Check | undefined): string {
  return check === undefined ? 'not looked at' : `${check.status}: ${check.finding}`
}

/** Bytes of PostgreSQL's own files on the primary, as the check counts them. */
export async function takenByPostgres({ site, signal }: DrillScene): Promise<number> {
  const sizes = `SELECT pg_tablespace_size('pg_default') + pg_tablespace_size('pg_global')
    + (SELECT coalesce(sum(size), 0) FROM pg_ls_waldir())`
  return Number(await site.sql(definedPrimary(site), sizes, { signal }))
}
