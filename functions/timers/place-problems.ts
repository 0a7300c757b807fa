import type { Cluster } from '../../config/cluster.ts'
import type { InstallPlace } from './place.ts'

/** A path that the services could not work with. */
export interface PlaceProblem {
  path: string
  /** What it is: `the definition`. */
  what: string
  fault: string
}

/** What services do not see: ProtectHome= and PrivateTmp= put something else there. */
const hidden = ['/home', '/root', '/run/user', '/tmp', '/var/tmp']
/** Needs no quotes in a command line of systemd. */
const plain = /^\/[\w./@+-]+$/

/** Every path that the services need and could not use, before anything is installed. */
export function placeProblems({ backup, databases, runtime }: Cluster, { program, definition }: InstallPlace): PlaceProblem[] {
  const commandLine = [
    { what: 'the program', path: program },
    { what: 'the definition', path: definition },
  ]
  const files = [
    { what: 'runtime.timers.stateDirectory', path: runtime.timers.stateDirectory },
    ...backup.stores.flatMap((store) =>
      store.type === 'file' ? [{ what: `store ${store.name}`, path: store.directory }] : [],
    ),
    ...databases.flatMap(({ name, connection }) =>
      connection.type === 'parts' && connection.sslrootcert !== undefined
        ? [{ what: `the root certificate of ${name}`, path: connection.sslrootcert }]
        : [],
    ),
  ]
  return [
    ...commandLine.flatMap((place) =>
      plain.test(place.path) ? [] : [{ ...place, fault: 'has characters that a command line of systemd would need quoted' }],
    ),
    ...[...commandLine, ...files].flatMap((place) => {
      const above = hidden.find((directory) => place.path === directory || place.path.startsWith(`${directory}/`))
      return above === undefined ? [] : [{ ...place, fault: `is in ${above}, which the services do not see` }]
    }),
  ]
}
