import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Manifest } from '../../../functions/archive/manifest.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import { resolveConnection } from '../../../functions/platform/postgres/connection.ts'
import { type LocalServer, startLocalServer } from '../../../functions/platform/postgres/local-server.ts'
import type { ConnectionSettings } from '../../../functions/platform/postgres/settings.ts'
import { createLike } from '../../../functions/verify/databases.ts'
import { refuseSmallDisk } from '../../../functions/verify/scratch-space.ts'
import { findScratchTools } from '../../../functions/verify/scratch-tools.ts'
import { scratchParent } from '../../../functions/verify/workplace.ts'
import { inSession } from '../drill-session.ts'

/** A new server on this machine, with PostgreSQL's own settings, and in it an empty database like the set's. */
export interface NewServer {
  /** As the superuser. */
  connection: ConnectionSettings
  /** As a role of the set. */
  as(user: string): ConnectionSettings
  stop(): Promise<void>
}

/** Makes the server that a set is restored into; nobody but this account reaches it, over a socket of its own. */
export async function startNewServer(manifest: Manifest, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<NewServer> {
  const tools = (await findScratchTools(Math.floor(manifest.source.versionNum / 10_000), env)).server
  if (tools === undefined) throw noServer(manifest)
  const parent = scratchParent(env)
  await refuseSmallDisk(parent, manifest)
  const directory = join(parent, `ballast-drill-${randomBytes(6).toString('hex')}`)
  const server = await startLocalServer({
    ...{ tools, directory, listen: 'socket-only', signal },
    initdbArgs: ['--locale=C.UTF-8'],
  })
  try {
    const database = manifest.summary.database
    await inSession(urlOf(server, 'postgres'), signal, async (session) => {
      await createLike(session, database, manifest.databaseProperties, undefined)
    })
    return {
      connection: urlOf(server, database),
      as: (user) => urlOf(server, database, user),
      stop: () => server.stop('immediate'),
    }
  } catch (error) {
    await server.stop('immediate')
    throw error
  }
}

function urlOf(server: LocalServer, database: string, user?: string): ConnectionSettings {
  return resolveConnection(server.url(database, user), {})
}

function noServer({ summary }: Manifest): Failure {
  return new Failure('there is no PostgreSQL server on this machine to restore into', {
    ...{ kind: 'config', subject: `PostgreSQL ${summary.serverVersion}` },
    hint: 'Install the server package of that version here, or run the rehearsal where it is.',
  })
}
