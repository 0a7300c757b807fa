import type { RunnableEntry } from './runnable.ts'

/** What a line of the timetable is called: `backup daily`, `verify`. */
export function entryTitle({ operation, slot }: Pick<RunnableEntry, 'operation' | 'slot'>): string {
  return slot === undefined ? operation : `${operation} ${slot}`
}

/** The name of an entry's units, without `.timer` or `.service`. */
export function unitName(cluster: string, entry: Pick<RunnableEntry, 'operation' | 'slot'>): string {
  return `ballast-${cluster}-${entryTitle(entry).replace(' ', '-')}`
}

/** The unit that tells people about a failed one, a template: its instance is the name of the failed unit. */
export function alertUnit(cluster: string): string {
  return `ballast-${cluster}-alert@`
}

const marker = /^# Made by `ballast timers` for the cluster "([a-z0-9-]+)"/

/** What every file starts with. */
export function markerComment(cluster: string, definition: string): string {
  return `# Made by \`ballast timers\` for the cluster "${cluster}" of ${definition}: change that, and install again.\n`
}

/** The cluster that a file was made for; undefined for a file of somebody else. */
export function markedCluster(text: string): string | undefined {
  return marker.exec(text)?.[1]
}
