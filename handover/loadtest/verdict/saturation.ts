import type { LoadPoint } from '../../records/load-record.ts'

/** Processors that are busier than this keep who makes the load waiting, and so the load is late. */
const busyPercent = 90
/** Where the system runs on the same machine: of what is busy, from this share on it is the generator that is measured. */
const ownShare = 0.5
/** A few are chance, and the start of the programs. */
const leastPoints = 5
const leastShare = 0.1

/**
 * Whether the machine that the load comes from was the limit: what was measured then is the generator and not the system. It
 * was, where its processors were over 90 % busy in a tenth of the points, five at least; where the system runs on the same
 * machine, only points count in which the generators took half of that or more.
 *
 * @param points in which load came by a rate. As many as possible are always as many as something allows.
 */
export function saturation(points: readonly LoadPoint[], sharesMachine: boolean): string[] {
  const known = points.filter(({ cpuPercent }) => cpuPercent !== undefined)
  const saturated = known.filter(({ cpuPercent = 0, generatorCpuPercent = 0 }) => {
    return cpuPercent > busyPercent && (!sharesMachine || generatorCpuPercent >= ownShare * cpuPercent)
  })
  if (saturated.length < Math.max(leastPoints, leastShare * known.length)) return []
  const whose = sharesMachine ? ', half of it or more by the load generators' : ''
  const when = `in ${saturated.length} of ${known.length} seconds`
  const hint = 'Run this from a machine with more processors, or at a lower rate'
  return [`the machine that the load comes from was the limit: over ${busyPercent} % busy${whose}, ${when}. ${hint}`]
}
