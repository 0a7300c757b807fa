import { onCalendar } from '../../config/on-calendar.ts'
import { type FilePlan, planFiles } from '../../functions/timers/file-plan.ts'
import { unitDirectory } from '../../functions/timers/render.ts'
import { unitName } from '../../functions/timers/unit-names.ts'
import { configFailure } from '../settings/config-failure.ts'
import { applyPlan, existingFiles } from './file-tree.ts'
import { systemd } from './systemd.ts'
import type { TimetableFiles } from './timetable-files.ts'

/** What an installation would change below a root. Files that are not this cluster's stay: one in the way is a Failure. */
export async function planInstall({ cluster, rendered }: TimetableFiles, root: string): Promise<FilePlan> {
  const plan = planFiles(cluster.name, rendered.files, await existingFiles(root))
  const [foreign] = plan.foreign
  if (foreign === undefined) return plan
  const owner =
    foreign.cluster === undefined ? 'was not made by `ballast timers`' : `belongs to the cluster "${foreign.cluster}"`
  throw configFailure(
    `/${foreign.path} is in the way: it ${owner}`,
    foreign.path,
    'Move it away, or rename the cluster or the slot.',
  )
}

/** Installs into the tree of another machine: its own systemd makes the user and starts the timers when it boots. */
export async function installBelow(root: string, files: TimetableFiles, plan: FilePlan, signal: AbortSignal): Promise<void> {
  const stale = timersOf(plan.remove)
  if (stale.length > 0) await systemd('systemctl', [`--root=${root}`, 'disable', ...stale], signal)
  await applyPlan(root, plan)
  await systemd('systemctl', [`--root=${root}`, 'enable', ...allTimers(files)], signal)
}

/** Installs on this machine: files, the system user, its directories; then systemd reads them, and the timers start. */
export async function installHere(files: TimetableFiles, plan: FilePlan, signal: AbortSignal): Promise<void> {
  const { cluster, rendered } = files
  const calendars = rendered.entries.map(({ when }) => onCalendar(when, cluster.timeZone))
  await systemd('systemd-analyze', ['calendar', ...calendars], signal)
  const stale = timersOf(plan.remove)
  if (stale.length > 0) await systemd('systemctl', ['disable', '--now', ...stale], signal)
  await applyPlan('/', plan)
  await systemd('systemd-sysusers', [`/etc/sysusers.d/ballast-${cluster.name}.conf`], signal)
  await systemd('systemd-tmpfiles', ['--create', `/etc/tmpfiles.d/ballast-${cluster.name}.conf`], signal)
  await systemd('systemctl', ['daemon-reload'], signal)
  await systemd('systemctl', ['enable', '--now', ...allTimers(files)], signal)
  const changed = timersOf(plan.changes.filter(({ change }) => change === 'changed').map(({ path }) => path))
  if (changed.length > 0) await systemd('systemctl', ['restart', ...changed], signal)
}

/** The names of a cluster's units, without `.timer` or `.service`. */
export function unitsOf({ cluster, rendered }: TimetableFiles): string[] {
  return rendered.entries.map((entry) => unitName(cluster.name, entry))
}

function allTimers(files: TimetableFiles): string[] {
  return unitsOf(files).map((unit) => `${unit}.timer`)
}

function timersOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) =>
    path.startsWith(`${unitDirectory}/`) && path.endsWith('.timer') ? [path.slice(unitDirectory.length + 1)] : [],
  )
}
