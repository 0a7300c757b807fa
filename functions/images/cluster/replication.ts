import { setTimeout as sleep } from 'node:timers/promises'
import { poolerLogin } from '../boot/scene.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres, runClient } from '../lab/postgres.ts'
import type { ClusterScene } from './scene.ts'

const joinsWithinMs = 15 * 60_000
const pollMs = 2_000
const mostLagSeconds = 1
/** What an application of some use does; an emulated processor keeps up with it. */
const transactionsPerSecond = 10
const loadSeconds = 30

/** Whether the replica has made itself a copy of the primary and streams from it through its slot, without anybody's help. */
export async function checkJoining({ primary, replica }: ClusterScene): Promise<LabFinding> {
  const streaming = `SELECT count(*) FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid
    WHERE r.state = 'streaming' AND s.slot_name = '${replica.node.slot}' AND s.wal_status = 'reserved'`
  const startedMs = performance.now()
  let joined = false
  while (!joined && performance.now() - startedMs < joinsWithinMs) {
    joined = (await askPostgres(primary.shell, streaming).catch(() => '')) === '1'
    if (!joined) await sleep(pollMs)
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  return judge(
    joined ? [] : ['it does not stream'],
    `streams by ${replica.node.slot}, ${seconds} s after both let the tests in`,
  )
}

/** How far the replica is behind while pgbench writes through the primary's pooler. */
export async function checkLag({ lab, primary }: ClusterScene): Promise<LabFinding> {
  const pgbench = async (...args: string[]) => await runClient(lab, poolerLogin(primary), 'pgbench', args, 10 * 60_000)
  await pgbench('--initialize', '--quiet', '--scale=1')
  let working = true
  const load = pgbench('--client=2', `--rate=${transactionsPerSecond}`, `--time=${loadSeconds}`, '--no-vacuum').finally(() => {
    working = false
  })
  const lags: number[] = []
  const lag = 'SELECT coalesce(max(extract(epoch FROM replay_lag)), 0) FROM pg_stat_replication'
  while (working) {
    await sleep(pollMs)
    lags.push(Number(await askPostgres(primary.shell, lag)))
  }
  const [, failed = 'unknown'] = /number of failed transactions: (\d+)/.exec(await load) ?? []
  const most = Math.max(...lags)
  const problems = [
    ...(most < mostLagSeconds ? [] : [`it was ${most} s behind`]),
    ...(failed === '0' ? [] : [`transactions failed: ${failed}`]),
    ...(lags.length >= 3 ? [] : ['too few looks']),
  ]
  return judge(
    problems,
    `at most ${most.toFixed(3)} s behind in ${lags.length} looks, at ${transactionsPerSecond} transactions/s`,
  )
}
