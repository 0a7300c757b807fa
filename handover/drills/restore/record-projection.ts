import { definedPrimary, type Site } from '../../sites/site.ts'
import type { DrillScene } from '../drill.ts'
import { largestData, type MeasuredRecovery, projectRecovery, type RealSize } from './project-recovery.ts'

/**
 * Says how long the recovery of the real data would take. On the machines of the definition that is judged by the goal; what
 * a sandbox says of another machine's disk and network is shown and judges nothing.
 */
export async function recordProjection({ record, site, signal }: DrillScene, measured: MeasuredRecovery): Promise<void> {
  const real = await realSize(site, signal)
  if (real === undefined) return
  const seconds = projectRecovery(measured, real.bytes)
  if (seconds === undefined) return
  const goal = site.definition.handover.goals.recoveryTimeSeconds
  record.measure('projectedRecoveryTime', {
    ...{ value: seconds, unit: 's' },
    ...(site.on === 'sandbox' ? {} : { limit: { is: 'at most', value: goal, from: 'handover.goals.recoveryTime' } }),
  })
  const rate = measured.bytes / measured.growingSeconds
  record.table(
    'recoveryProjection',
    ['bytes', 'seconds', 'bytesPerSecond', 'projectedBytes', 'sizeFrom', 'projectedSeconds'],
    [[measured.bytes, fixed(measured.seconds), Math.round(rate), Math.round(real.bytes), real.from, fixed(seconds)]],
  )
}

/** The server's own data; on a sandbox, which has none, what the definition's disk may hold before its alert. */
async function realSize({ on, definition, sql, nodes }: Site, signal: AbortSignal): Promise<RealSize | undefined> {
  if (on === 'sandbox') {
    const { diskBytes } = definition.nodes.find(({ role }) => role === 'primary') ?? {}
    if (diskBytes === undefined) return undefined
    return { bytes: largestData(diskBytes, definition.replication.minDiskFreePercent), from: 'definition' }
  }
  const names = definition.databases.map(({ name }) => `'${name.replaceAll("'", "''")}'`).join(', ')
  const sizes = `SELECT sum(pg_database_size(datname)) FROM pg_database WHERE datname IN (${names})`
  return { bytes: Number(await sql(definedPrimary({ nodes }), sizes, { signal })), from: 'server' }
}

function fixed(seconds: number): string {
  return seconds.toFixed(1)
}
