import { resolve } from 'node:path'
import { planFiles } from '../../functions/timers/file-plan.ts'
import { filesOutcome } from '../outcomes/timers-outcome.ts'
import type { CommandContext, CommandResult } from '../run/run-command.ts'
import { configFailure } from '../settings/config-failure.ts'
import { changesText, filesText, leftOutText } from '../terminal/timers-text.ts'
import { applyPlan, existingFiles } from './file-tree.ts'
import { planInstall } from './install-timers.ts'
import { timetableFiles } from './timetable-files.ts'

/** Prints the units, writes them below a directory, or checks those that are there. */
export async function renderFiles(
  { config, out, check = false }: { config?: string; out?: string; check?: boolean },
  { target, note }: CommandContext,
): Promise<CommandResult> {
  const files = await timetableFiles(config)
  const { cluster, rendered } = files
  const { leftOut } = rendered
  target(cluster.name)
  if (out === undefined) {
    if (check) throw configFailure('--check is given without --out', '--check', 'Add --out and the directory to check.')
    const plan = planFiles(cluster.name, rendered.files, [])
    note(leftOutText(leftOut).trimEnd())
    return {
      outcome: filesOutcome('timers render', cluster.name, plan, { leftOut }),
      text: filesText(rendered.files),
      asked: true,
    }
  }
  const root = resolve(out)
  if (check) {
    const plan = planFiles(cluster.name, rendered.files, await existingFiles(root))
    const outcome = filesOutcome('timers render', cluster.name, plan, { leftOut, check })
    return { outcome, text: changesText(plan, true) + leftOutText(leftOut), asked: true }
  }
  const plan = await planInstall(files, root)
  await applyPlan(root, plan)
  const text = changesText(plan, false) + leftOutText(leftOut)
  return { outcome: filesOutcome('timers render', cluster.name, plan, { leftOut }), text }
}
