import type { LoadEvent } from '../../handover/loadtest/keys.ts'
import type { LoadTest } from '../../handover/loadtest/load-test.ts'
import type { LoadPoint } from '../../handover/records/load-record.ts'
import type { CommandContext } from '../run/run-command.ts'
import { formatCount } from './format.ts'

const phases: Partial<Record<LoadEvent, string>> = {
  requestsStarted: 'k6',
  serviceStopped: 'stopped a service',
  serviceStarted: 'started it again',
  pgbenchStarted: 'pgbench',
  preparedNotPossible: 'no prepared statements through',
  breakpointReached: 'a goal was missed',
}

/** Tells people how a load test goes on: each phase as it begins, and what the samples say meanwhile. */
export function loadtestProgress(
  subject: string,
  { note, progress }: Pick<CommandContext, 'note' | 'progress'>,
): Pick<LoadTest, 'onEvent' | 'onPoint'> {
  let phase = ''
  progress.begin(subject)
  return {
    onEvent: ({ key, detail }) => {
      const text = phases[key as LoadEvent]
      if (text === undefined) return
      phase = detail === '' ? text : `${text} (${detail})`
      note(`  ${phase}`)
    },
    onPoint: (point) => progress.update({ phase: [phase, ...pointTexts(point)].join(', '), doneBytes: 0 }),
  }
}

function pointTexts(point: LoadPoint): string[] {
  const { transactionsPerSecond, clientsWaiting, cpuPercent } = point
  return [
    ...(transactionsPerSecond === undefined ? [] : [`${formatCount(Math.round(transactionsPerSecond))} transactions/s`]),
    ...(clientsWaiting === undefined ? [] : [`${clientsWaiting} clients wait`]),
    ...(cpuPercent === undefined ? [] : [`${Math.round(cpuPercent)} % CPU`]),
  ]
}
