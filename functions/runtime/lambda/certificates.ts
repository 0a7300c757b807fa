import type { Cluster } from '../../../config/cluster.ts'

/** Files that a definition names and connections need: the certificates that servers are checked with. */
export function certificateFiles({ postgres, databases }: Cluster): string[] {
  const files = [
    postgres.tls.rootCertificate,
    ...databases.map(({ connection }) => (connection.type === 'parts' ? connection.sslrootcert : undefined)),
  ]
  return [...new Set(files)].filter((file) => file !== undefined)
}

/** The definition with those files somewhere else. */
export function withCertificates(cluster: Cluster, place: (file: string) => string): Cluster {
  const moved = (file: string | undefined): string | undefined => (file === undefined ? undefined : place(file))
  const { postgres, databases } = cluster
  return {
    ...cluster,
    postgres: { ...postgres, tls: { ...postgres.tls, rootCertificate: moved(postgres.tls.rootCertificate) } },
    databases: databases.map((database) => {
      const { connection } = database
      if (connection.type === 'url') return database
      return { ...database, connection: { ...connection, sslrootcert: moved(connection.sslrootcert) } }
    }),
  }
}
