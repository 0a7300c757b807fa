import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { placeProblems } from '../../functions/timers/place-problems.ts'
import { filesOutcome } from '../outcomes/timers-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { changesText, leftOutText, timersText } from '../terminal/timers-text.ts'
import { installBelow, installHere, planInstall, unitsOf } from './install-timers.ts'
import { requireSystemd, showTimers } from './systemd.ts'
import { type TimetableFiles, timetableFiles } from './timetable-files.ts'

/** Installs the timers of the definition on this machine, or below a root. */
export async function installTimers(
  { config, root, dryRun = false }: { config?: string; root?: string; dryRun?: boolean },
  { signal, style, target, note }: CommandContext,
): Promise<CommandResult> {
  const files = await timetableFiles(config)
  const { cluster, rendered } = files
  target(cluster.name)
  refuseHiddenPlaces(files)
  const plan = await planInstall(files, resolve(root ?? '/'))
  const outcome = filesOutcome('timers install', cluster.name, plan, rendered)
  const done = `${changesText(plan, dryRun)}${leftOutText(rendered.leftOut)}`
  if (dryRun) return { outcome, text: done, asked: true }
  if (root !== undefined) {
    await installBelow(resolve(root), files, plan, signal)
    return { outcome, text: done }
  }
  requireRoot()
  requireSystemd()
  await installHere(files, plan, signal)
  noteMissingCredentials(files, note)
  const states = await showTimers(unitsOf(files), signal)
  return { outcome, text: `${done}\n${timersText(states, cluster.timeZone, Date.now(), style)}` }
}

function refuseHiddenPlaces({ cluster, place }: TimetableFiles): void {
  const [problem] = placeProblems(cluster, place)
  if (problem === undefined) return
  const { what, path, fault } = problem
  throw configFailure(`${what}, ${path}, ${fault}`, path, 'Move it, to /opt/ballast, /etc/ballast, /srv or /mnt for example.')
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return
  throw configFailure('only root may install units', 'timers install', 'Run it with sudo, or give --root DIR or --dry-run.')
}

/** A service whose credential has no file fails before Ballast starts, so it is said now. */
function noteMissingCredentials({ rendered }: TimetableFiles, note: CommandContext['note']): void {
  for (const path of rendered.credentialFiles.filter((file) => !existsSync(file))) {
    note(`Missing: ${path}. Write the secret into it, as root and for root alone: services that need it fail until then.`)
  }
}
