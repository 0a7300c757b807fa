import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BootedNode, poolerLogin } from '../boot/scene.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres, query } from '../lab/postgres.ts'
import type { ClusterScene } from './scene.ts'

/** From the command to the first row that is written. */
const firstWriteWithinSeconds = 10
const givesUpAfterMs = 5 * 60_000
const catchesUpWithinMs = 60_000
const pollMs = 100

/** Cuts the primary's power, promotes the replica, and times the first write through the replica's own pooler. */
export async function checkPromotion({ lab, primary, replica }: ClusterScene): Promise<LabFinding> {
  await primary.guest.cutPower()
  const line = `written after the promotion ${randomUUID()}`
  const login = { ...poolerLogin(replica), connectSeconds: 5 }
  const write = `CREATE TABLE lab_written AS SELECT '${line}' AS line`
  const startedMs = performance.now()
  const promotion = replica.shell.run(['ballast-promote'])
  promotion.catch(() => undefined)
  let seconds: number | undefined
  while (seconds === undefined && performance.now() - startedMs < givesUpAfterMs) {
    await query(lab, login, write).then(
      () => {
        seconds = Math.round((performance.now() - startedMs) / 100) / 10
      },
      () => sleep(pollMs),
    )
  }
  await promotion
  const found = await query(lab, login, 'SELECT line FROM lab_written')
  const problems = [
    ...(found === line ? [] : ['the first write is not there']),
    ...(seconds !== undefined && seconds <= firstWriteWithinSeconds
      ? []
      : [`it took ${seconds} s; ${firstWriteWithinSeconds} s are allowed`]),
  ]
  return judge(problems, `first write ${seconds} s after the command`)
}

/** Makes the old primary, switched on again, a replica of the new one: it must stream, and have what was written since. */
export async function checkRejoining({ replica }: ClusterScene, old: BootedNode): Promise<LabFinding> {
  const startedMs = performance.now()
  await old.shell.run(['ballast-rejoin', '--primary', replica.addresses.ipv4], { timeoutMs: givesUpAfterMs })
  const seconds = Math.round((performance.now() - startedMs) / 1000)
  const streaming = await askPostgres(replica.shell, 'SELECT state FROM pg_stat_replication')
  const problems = [
    ...(streaming === 'streaming' ? [] : [`the new primary says that it is ${streaming || 'not there'}`]),
    ...((await hasWritten(old)) ? [] : ['it lacks what was written since']),
  ]
  return judge(problems, `streams ${seconds} s after the command`)
}

async function hasWritten({ shell, cluster }: BootedNode): Promise<boolean> {
  const deadline = performance.now() + catchesUpWithinMs
  while (performance.now() < deadline) {
    const lines = await askPostgres(shell, 'SELECT count(*) FROM lab_written', cluster.databases[0]?.name).catch(() => '')
    if (lines === '1') return true
    await sleep(10 * pollMs)
  }
  return false
}
