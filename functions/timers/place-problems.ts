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
export function placeProblems(cluster: Cluster, { program, definition }: InstallPlace): PlaceProblem[] {
  const { backup, runtime } = cluster
  const commandLine = [
    { what: 'the program', path: program },
    { what: 'the definition', path: definition },
  ]
  const files = [
    { what: 'runtime.timers.stateDirectory', path: runtime.timers.stateDirectory },
    ...backup.stores.flatMap((store) =>
      store.type === 'file' ? [{ what: `store ${store.name}`, path: store.directory }] : [],
    ),
    ...certificates(cluster),
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

/** The files that servers are checked with, each once. */
function certificates({ postgres, databases, alerts }: Cluster): Pick<PlaceProblem, 'what' | 'path'>[] {
  const named: [what: string, path: string | undefined][] = [
    ...databases.map(({ name, connection }): [string, string | undefined] => [
      `the root certificate of ${name}`,
      connection.type === 'parts' ? connection.sslrootcert : undefined,
    ]),
    ['postgres.tls.rootCertificate', postgres.tls.rootCertificate],
    ...alerts.channels.map((channel): [string, string | undefined] => [
      `the root certificate of channel ${channel.name}`,
      channel.type === 'email' ? channel.smtp?.rootCertificate : undefined,
    ]),
  ]
  const files = new Map<string, string>()
  for (const [what, path] of named) if (path !== undefined && !files.has(path)) files.set(path, what)
  return [...files].map(([path, what]) => ({ what, path }))
}
