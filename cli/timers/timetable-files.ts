import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cluster } from '../../config/cluster.ts'
import type { InstallPlace } from '../../functions/timers/place.ts'
import { type RenderedTimers, renderTimers } from '../../functions/timers/render.ts'
import { defaultDefinition, requireDefinition } from '../settings/definition.ts'

/** A cluster, and the files that make systemd run its timetable. */
export interface TimetableFiles {
  cluster: Cluster
  place: InstallPlace
  rendered: RenderedTimers
}

/** What the definition makes of this installation of Ballast. */
export async function timetableFiles(config: string | undefined): Promise<TimetableFiles> {
  const cluster = await requireDefinition(config)
  const program = fileURLToPath(new URL('../../bin/ballast', import.meta.url))
  const place = { program, definition: resolve(config ?? defaultDefinition) }
  return { cluster, place, rendered: renderTimers(cluster, place) }
}
