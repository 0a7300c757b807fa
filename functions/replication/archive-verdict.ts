import { type Finding, fail, ok } from '../platform/check.ts'
import { formatBytes, formatDuration } from '../platform/quantities.ts'
import type { ArchiverFacts } from './facts.ts'
import { bytesBetween, segmentEnd } from './lsn.ts'
import type { WalPosition } from './memory.ts'

const name = 'archiving'
/** An idle server writes a little by itself after it has switched to a new segment, and never archives that. */
const idleBytes = 8192

/** Whether WAL reaches the archive, and soon enough. What an idle server has not written cannot be late. */
export function archivingFinding(
  archiver: ArchiverFacts,
  segmentBytes: number,
  positions: readonly [WalPosition, ...WalPosition[]],
  maxArchiveAgeSeconds: number,
): Finding {
  const { mode, lastSegment, lastMs, failedSegment, failedMs } = archiver
  if (mode === 'off') {
    const fix = 'Turn archive_mode on as backup.pitr says, and restart the server; or take backup.pitr out of the definition.'
    return fail(name, 'archive_mode is off, and the definition has point-in-time recovery', fix)
  }
  const fix = 'Look at the server log for what archive_command says, and at the space and the rights of the archive.'
  if (failedMs !== null && failedMs > (lastMs ?? 0)) return fail(name, `fails at ${failedSegment}`, fix)
  const latest = positions.at(-1) ?? positions[0]
  const archived = (lastSegment === null ? undefined : segmentEnd(lastSegment, segmentBytes)) ?? positions[0].lsn
  const waitingBytes = bytesBetween(archived, latest.lsn)
  const oldest = positions.find(({ lsn }) => bytesBetween(archived, lsn) > idleBytes)
  const waitingSeconds = oldest === undefined ? 0 : (latest.clockMs - oldest.clockMs) / 1000
  if (waitingSeconds > maxArchiveAgeSeconds) {
    const text = `${formatBytes(waitingBytes)} of WAL wait for at least ${formatDuration(waitingSeconds)}`
    return fail(name, `${text}; at most ${formatDuration(maxArchiveAgeSeconds)}`, fix)
  }
  if (lastSegment === null) return ok(name, 'no segment was full yet')
  return ok(name, `${lastSegment} is archived, ${formatBytes(waitingBytes)} are written since`)
}
