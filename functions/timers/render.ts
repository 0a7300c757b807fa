import type { Cluster } from '../../config/cluster.ts'
import { sysusersFile, tmpfilesFile } from './account-files.ts'
import { credentialSources } from './credential-lines.ts'
import { alertUnitNeeds, entryNeeds } from './operation-needs.ts'
import type { InstallPlace } from './place.ts'
import { type LeftOut, type RunnableEntry, runnableEntries } from './runnable.ts'
import { alertServiceUnit, serviceUnit } from './service-unit.ts'
import { timerUnit } from './timer-unit.ts'
import { alertUnit, unitName } from './unit-names.ts'

/** Where units go, below the root of a machine. */
export const unitDirectory = 'etc/systemd/system'

/** One file, with its path below the root of a machine. */
export interface RenderedFile {
  path: string
  text: string
}

/** Everything that systemd needs to run a cluster's timetable. */
export interface RenderedTimers {
  /** Sorted by path. */
  files: readonly RenderedFile[]
  entries: readonly RunnableEntry[]
  leftOut: readonly LeftOut[]
  /** Files that must hold a secret before the services run; sorted. */
  credentialFiles: readonly string[]
}

/** The files for a cluster's timetable: the same definition and place give the same bytes. */
export function renderTimers(cluster: Cluster, place: InstallPlace): RenderedTimers {
  const { entries, leftOut } = runnableEntries(cluster)
  const units = entries.flatMap((entry): RenderedFile[] => {
    const path = `${unitDirectory}/${unitName(cluster.name, entry)}`
    return [
      { path: `${path}.service`, text: serviceUnit(cluster, entry, place) },
      { path: `${path}.timer`, text: timerUnit(cluster, entry, place) },
    ]
  })
  const files = [
    ...units,
    { path: `${unitDirectory}/${alertUnit(cluster.name)}.service`, text: alertServiceUnit(cluster, place) },
    { path: `etc/sysusers.d/ballast-${cluster.name}.conf`, text: sysusersFile(cluster, place) },
    { path: `etc/tmpfiles.d/ballast-${cluster.name}.conf`, text: tmpfilesFile(cluster, place) },
  ]
  const needs = [...entries.map((entry) => entryNeeds(cluster, entry)), alertUnitNeeds(cluster)]
  const credentialFiles = credentialSources({ secrets: needs.flatMap(({ secrets }) => secrets) }).map(([, path]) => path)
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), entries, leftOut, credentialFiles: credentialFiles.sort() }
}
