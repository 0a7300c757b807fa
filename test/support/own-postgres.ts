import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findClientTools } from '../../functions/platform/postgres/client-tools.ts'
import { type LocalServer, startLocalServer } from '../../functions/platform/postgres/local-server.ts'
import { freePorts } from '../../sandbox/free-port.ts'
import { serversDirectory } from './servers-directory.ts'

/** A server of one test file, on TCP and on a socket, whose every login is trusted unless its own pg_hba lines say otherwise. */
export interface OwnPostgres extends LocalServer {
  psql: string
}

/** Starts one; its `stop` removes everything. Settings such as `ssl` are taken as they are, paths must let the server through. */
export async function startOwnPostgres(
  settings: Readonly<Record<string, string>> = {},
  hbaLines: readonly string[] = ['local all all trust', 'host all all 127.0.0.1/32 trust'],
): Promise<OwnPostgres> {
  const parent = await mkdtemp(join(serversDirectory(), 'ballast-pg-'))
  await chmod(parent, 0o755)
  const removeParent = (): Promise<void> => rm(parent, { recursive: true, force: true })
  try {
    const { server: tools, psql } = await findClientTools(14, process.env)
    const [port] = await freePorts(1)
    if (tools === undefined || port === undefined) throw new Error('no PostgreSQL server programs, or no free port')
    const server = await startLocalServer({ tools, directory: join(parent, 's'), listen: { port }, settings, hbaLines })
    const stop = async (): Promise<void> => {
      await server.stop()
      await removeParent()
    }
    return { ...server, psql, stop }
  } catch (error) {
    await removeParent()
    throw error
  }
}
