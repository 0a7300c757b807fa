import type { Manifest } from '../archive/manifest.ts'
import { firstSuperuser, roleStatements } from '../archive/role-statements.ts'
import { Failure } from '../platform/failure.ts'
import type { ClientTools } from '../platform/postgres/client-tools.ts'
import type { LocalServer } from '../platform/postgres/local-server.ts'
import { assertDirect } from '../platform/postgres/pooler.ts'
import { openSession, type Session } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import { connectionTo, dropAll } from './databases.ts'
import { refuseSmallDisk } from './scratch-space.ts'
import { findScratchTools } from './scratch-tools.ts'
import { explained, openWorkplace, scratchParent, startScratchServer, type Workplace } from './workplace.ts'

/** A server to restore into, and what was made on it. */
export interface Place {
  kind: 'scratch' | 'target'
  session: Session
  tools: ClientTools
  /** An existing private directory. */
  workDirectory: string
  /** Databases and roles made on a server that stays; they are dropped at the end. */
  madeDatabases: string[]
  madeRoles: string[]
}

export interface PlaceOptions {
  manifest: Manifest
  target?: ConnectionSettings
  jobs: number
  env: NodeJS.ProcessEnv
  signal?: AbortSignal
}

/** Runs work in a private directory that is gone afterwards, however it ends. */
export async function inWorkplace<T>(
  { manifest, target, env }: PlaceOptions,
  work: (workplace: Workplace) => Promise<T>,
): Promise<T> {
  const parent = scratchParent(env)
  const workplace = await openWorkplace(parent)
  try {
    if (target === undefined) await refuseSmallDisk(parent, manifest)
    return await work(workplace)
  } finally {
    await workplace.close()
  }
}

/** Runs work with a server to restore into: one of its own, or the target; leaves nothing on either. */
export async function atPlace<T>(
  options: PlaceOptions,
  workplace: Workplace,
  globals: string,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  return options.target === undefined
    ? await atScratch(options, workplace, globals, work)
    : await atTarget(options, options.target, workplace, work)
}

async function atScratch<T>(
  { manifest, jobs, env, signal }: PlaceOptions,
  workplace: Workplace,
  globals: string,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const tools = await findScratchTools(oldestMajor(manifest), env)
  if (tools.server === undefined) throw noServer(tools)
  const superuser = firstSuperuser(roleStatements(globals))
  const { server, connection } = await startScratchServer(workplace, tools.server, {
    superuser,
    jobs,
    env,
    ...(signal && { signal }),
  })
  try {
    return await withSession(connectionTo(connection, 'postgres'), signal, async (session) => {
      const workDirectory = workplace.files
      return await work({ kind: 'scratch', session, tools, workDirectory, madeDatabases: [], madeRoles: [] })
    })
  } catch (error) {
    throw await explained(server, error)
  } finally {
    await stopQuickly(server)
  }
}

async function atTarget<T>(
  { env, signal }: PlaceOptions,
  target: ConnectionSettings,
  workplace: Workplace,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const made = { madeDatabases: [] as string[], madeRoles: [] as string[] }
  return await withSession(connectionTo(target, target.database), signal, async (session) => {
    await assertDirect(session)
    const tools = await findScratchTools(Math.floor(session.versionNum / 10_000), env)
    try {
      return await work({ kind: 'target', session, tools, workDirectory: workplace.files, ...made })
    } finally {
      await dropAll(session.settings, made.madeDatabases, made.madeRoles)
    }
  })
}

async function withSession<T>(
  settings: ConnectionSettings,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(settings, { applicationName: 'ballast verify', ...(signal && { signal }) })
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

/** Nothing on it is worth a shutdown checkpoint. */
async function stopQuickly(server: LocalServer): Promise<void> {
  await server.stop('immediate')
}

/** The oldest server that takes the set: not older than its source nor than the pg_dump that wrote its schema. */
function oldestMajor({ source, tools }: Manifest): number {
  return Math.max(Math.floor(source.versionNum / 10_000), Number.parseInt(tools.pgDump, 10))
}

function noServer(tools: ClientTools): Failure {
  return new Failure('there is no PostgreSQL server here to restore into', {
    kind: 'config',
    subject: `postgres ${tools.major}`,
    hint: `Run: apt-get install postgresql-${tools.major}, or give an existing server (--to URL) to restore into.`,
    code: 'NO_SERVER_PROGRAMS',
  })
}
