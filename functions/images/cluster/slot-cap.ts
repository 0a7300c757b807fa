import { formatBytes } from '../../platform/quantities.ts'
import type { BootedNode } from '../boot/scene.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres } from '../lab/postgres.ts'
import type { ClusterScene } from './scene.ts'

const withinMs = 15 * 60_000
const messageBytes = 8 * 1024 * 1024

/**
 * Stops a replica and writes more WAL than its slot may hold back: the primary must give the slot up and keep its disk. Then the
 * replica must come back by a new copy.
 */
export async function checkSlotCap({ replica: primary }: ClusterScene, standby: BootedNode): Promise<LabFinding> {
  const { cluster } = primary
  const unit = `postgresql@${cluster.postgres.version}-main.service`
  await standby.shell.run(['systemctl', 'stop', unit])
  const { maxSlotWalBytes, walKeepBytes } = cluster.postgres
  const messages = Math.ceil((1.5 * maxSlotWalBytes) / messageBytes) + 1
  const write = `DO $$ BEGIN FOR i IN 1..${messages} LOOP
      PERFORM pg_logical_emit_message(false, 'lab', repeat('x', ${messageBytes})); PERFORM pg_switch_wal();
    END LOOP; END $$; CHECKPOINT`
  await askPostgres(primary.shell, write)
  const status = await askPostgres(primary.shell, 'SELECT wal_status FROM pg_replication_slots')
  const held = Number(await askPostgres(primary.shell, 'SELECT sum(size) FROM pg_ls_waldir()'))
  await standby.shell.run(['ballast-rejoin', '--primary', primary.addresses.ipv4, '--rebuild'], { timeoutMs: withinMs })
  const back = await askPostgres(primary.shell, 'SELECT state FROM pg_stat_replication')
  const problems = [
    ...(status === 'lost' ? [] : [`the slot is ${status}`]),
    ...(back === 'streaming' ? [] : [`after the new copy it is ${back || 'not there'}`]),
  ]
  const limit = `${formatBytes(maxSlotWalBytes)} for slots, ${formatBytes(walKeepBytes)} kept`
  return judge(problems, `the slot was given up (${limit}, ${formatBytes(held)} on disk), and a new copy streams`)
}
