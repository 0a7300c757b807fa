import type { Cluster } from '../../config/cluster.ts'
import { onCalendar } from '../../config/on-calendar.ts'
import { shortestGapSeconds } from '../../config/when.ts'
import type { InstallPlace } from './place.ts'
import type { RunnableEntry } from './runnable.ts'
import { entryTitle, markerComment } from './unit-names.ts'
import { type Setting, unitText } from './unit-text.ts'

/** A run is put off by at most this part of the time to the next one. */
const mostOfPeriod = 10

/** The timer of one line of the timetable; it starts the service of the same name. */
export function timerUnit(cluster: Cluster, entry: RunnableEntry, place: InstallPlace): string {
  const delay = delaySeconds(entry, cluster.runtime.timers.jitterSeconds)
  return unitText(markerComment(cluster.name, place.definition), [
    {
      name: 'Unit',
      settings: [['Description', `Ballast ${cluster.name}: ${entryTitle(entry)}, ${entry.when.text} (${cluster.timeZone})`]],
    },
    {
      name: 'Timer',
      settings: [
        ['OnCalendar', onCalendar(entry.when, cluster.timeZone)],
        ['Persistent', 'yes'],
        ...(delay === 0 ? [] : spread(delay)),
        ['AccuracySec', '1s'],
      ],
    },
    { name: 'Install', settings: [['WantedBy', 'timers.target']] },
  ])
}

/** The same delay at every run, another one on every machine: polls stay evenly apart. */
function spread(seconds: number): Setting[] {
  return [
    ['RandomizedDelaySec', seconds],
    ['FixedRandomDelay', 'yes'],
  ]
}

function delaySeconds({ when }: RunnableEntry, jitterSeconds: number): number {
  return Math.floor(Math.min(jitterSeconds, shortestGapSeconds(when) / mostOfPeriod))
}
