import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { formatBytes } from '../../platform/quantities.ts'
import { judge, type LabFinding } from '../lab/lab-check.ts'
import { askPostgres } from '../lab/postgres.ts'
import { memorySettingsQuery, parseMemorySettings, promisedBytes } from '../lab/tuning-budget.ts'

const refusedSettings = "SELECT sourcefile || ': ' || name FROM pg_file_settings WHERE error IS NOT NULL"
const tunedSettings = "SELECT count(*) FROM pg_file_settings WHERE sourcefile LIKE '%/10-tuned.conf' AND applied"

/** Whether PostgreSQL runs with settings that were made for this very machine and fit into its memory. */
export async function checkTuning(shell: GuestShell): Promise<LabFinding> {
  const ramBytes = await totalMemory(shell)
  const settings = parseMemorySettings(await askPostgres(shell, memorySettingsQuery))
  const promised = promisedBytes(settings, ramBytes)
  const refused = await askPostgres(shell, refusedSettings)
  const tuned = Number(await askPostgres(shell, tunedSettings))
  const problems = [
    ...(promised > ramBytes ? [`${formatBytes(promised)} of ${formatBytes(ramBytes)} are promised`] : []),
    ...(refused === '' ? [] : [`refused settings: ${refused}`]),
    ...(tuned === 0 ? ['no setting of the tuner applies'] : []),
  ]
  const { sharedBuffersBytes, workMemBytes, maxConnections } = settings
  const values = `shared_buffers ${formatBytes(sharedBuffersBytes)}, work_mem ${formatBytes(workMemBytes)} for ${maxConnections} connections`
  return judge(problems, `${values}; at worst ${formatBytes(promised)} of ${formatBytes(ramBytes)}`)
}

async function totalMemory(shell: GuestShell): Promise<number> {
  const { stdout } = await shell.run(['sed', '-n', 's/^MemTotal: *\\([0-9]*\\) kB$/\\1/p', '/proc/meminfo'])
  return Number(stdout.trim()) * 1024
}
