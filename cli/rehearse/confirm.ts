import { throwIfAborted } from '../../functions/platform/abort.ts'
import type { PlannedDrill } from '../../handover/drills/plan.ts'
import type { Site } from '../../handover/sites/site.ts'
import { configFailure } from '../settings/config-failure.ts'
import { askYes } from '../terminal/ask-yes.ts'

/**
 * Asks the person at the terminal whether machines may be loaded and broken; a sandbox and a lab are nobody's, and need no leave.
 *
 * @throws Failure `config` where nobody can answer, or where the answer is not yes.
 */
export async function confirmDrills(
  { on, definition }: Pick<Site, 'on' | 'definition'>,
  planned: readonly PlannedDrill[],
  yes: boolean,
  signal: AbortSignal,
): Promise<void> {
  const asked = planned.filter(({ leftOut }) => leftOut === undefined)
  if (on !== 'cluster' || yes || asked.every(({ drill }) => drill.changes === 'nothing')) return
  const hint = 'Answer yes at a terminal, or give --yes. With --sandbox nothing of yours is touched.'
  if (!process.stdin.isTTY) throw configFailure(`nobody can be asked whether ${definition.name} may be broken`, '--yes', hint)
  const lines = asked.map(({ drill: { name, changes } }) => `  ${name}: ${effects[changes]}\n`)
  const question = `On the machines of ${definition.name}:\n${lines.join('')}Go on? Type yes: `
  if (await askYes(question, signal)) return
  throwIfAborted(signal, definition.name)
  throw configFailure('the drills were not agreed to, and nothing was done', '--yes', hint)
}

const effects = {
  nothing: 'looks, and changes nothing',
  load: 'puts load on it',
  breaks: 'breaks something, and puts it back',
}
