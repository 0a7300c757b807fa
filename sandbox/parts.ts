import { join } from 'node:path'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'
import type { LocalServer } from '../functions/platform/postgres/launch-server.ts'
import { startGuardedServer } from '../functions/platform/postgres/local-server.ts'
import { roles, type S3Data, type SandboxData, type ServerData } from './data.ts'
import { createDatabase, createRoles } from './databases.ts'
import { freePorts } from './free-port.ts'
import { type MemoryDisk, mountMemoryDisk } from './memory-disk.ts'
import type { SandboxOptions, ServerNames } from './options.ts'
import { type Pooler, startPgbouncer } from './pgbouncer.ts'
import { hbaLines, initdbArgs, primarySettings } from './primary.ts'
import { type GuardedS3Server, startGuardedS3Server } from './s3-server.ts'
import { randomSecret } from './secret.ts'
import { ServerNode } from './server-node.ts'
import { startStandby } from './standby.ts'

/** The sandbox's options with everything decided. */
export interface PartsOptions extends SandboxOptions {
  directory: string
  pgBin: string
  account: Account | undefined
}

/** What runs, and what is known about it. */
export interface SandboxParts {
  data: SandboxData
  /** The primary first. */
  nodes: readonly ServerNode[]
  pooler: Pooler | undefined
  s3Server: GuardedS3Server | undefined
  /** Where the primary's files are, if they are in memory. */
  primaryDisk: MemoryDisk | undefined
}

/** Starts the primary and the S3 server side by side, then what needs the primary. */
export async function startParts(guard: Guard, options: PartsOptions): Promise<SandboxParts> {
  const passwords = Object.fromEntries(Object.values(roles).map((role) => [role, randomSecret()]))
  const names = standbyNames(options.standby ?? true)
  const [primaryPort = 0, poolerPort = 0, ...standbyPorts] = await freePorts(2 + names.length)
  const { directory, pgBin, account, signal } = options
  const shared = { passwords, account, signal }

  const primaryDisk = options.primaryInMemory ? await mountMemoryDisk(guard, join(directory, 'primary')) : undefined
  const [primary, s3] = await allOrFirstFailure([
    startPrimary(guard, options, primaryPort, passwords),
    options.s3 === false
      ? undefined
      : startGuardedS3Server(guard, account, { directory: join(directory, 's3'), ...given(signal) }),
  ])
  const data: SandboxData = { directory, pgBin, passwords, primary: serverData(directory, 'primary', primary) }
  await createRoles(data)
  for (const name of options.databases ?? ['app']) await createDatabase(data, name)
  const limits = typeof options.pgbouncer === 'object' ? options.pgbouncer : undefined
  const pooling = { ...shared, directory: join(directory, 'pgbouncer'), port: poolerPort, primaryPort, limits }
  const again = { guard, account, pgBin, password: passwords[roles.admin] }
  const [pooler, standbys] = await allOrFirstFailure([
    options.pgbouncer === false ? undefined : startPgbouncer(guard, pooling),
    startStandbys(names, standbyPorts, async (own, place) => {
      const server = await startStandby(guard, { ...shared, ...own, pgBin, primary, directory: join(directory, place) })
      return new ServerNode(own, server, serverData(directory, place, server), again)
    }),
  ])
  const [first, ...furtherStandbys] = standbys.map((node) => node.data)
  return {
    data: {
      ...data,
      standby: first,
      furtherStandbys,
      pgbouncer: pooler && { port: poolerPort, pid: pooler.pid, logFile: pooler.log },
      s3: s3 && s3Data(s3),
    },
    nodes: [new ServerNode(options.primary ?? { name: 'primary', slot: 'primary' }, primary, data.primary, again), ...standbys],
    ...{ pooler, s3Server: s3, primaryDisk },
  }
}

/** Stops the pooler and the S3 server, then the standbys before the primary that they follow. */
export async function stopParts(parts: SandboxParts): Promise<void> {
  await Promise.all([parts.pooler?.stop(), parts.s3Server?.stop()])
  for (const node of parts.nodes.toReversed()) await node.stop('immediate')
}

/** One after another: the checkpoint of one base backup may remove WAL that another has just begun to need. */
async function startStandbys(
  names: readonly ServerNames[],
  ports: readonly number[],
  start: (own: ServerNames & { port: number }, place: string) => Promise<ServerNode>,
): Promise<ServerNode[]> {
  const started: ServerNode[] = []
  for (const [index, own] of names.entries()) {
    started.push(await start({ ...own, port: ports[index] ?? 0 }, ownName(index)))
  }
  return started
}

function standbyNames(standby: boolean | number | readonly ServerNames[]): readonly ServerNames[] {
  if (typeof standby === 'object') return standby
  // A slot has no dashes.
  const names = Array.from({ length: Number(standby) }, (_, index) => ownName(index))
  return names.map((name) => ({ name, slot: name.replace('-', '_') }))
}

/** `standby`, `standby-2`, `standby-3`. */
function ownName(index: number): string {
  return index === 0 ? 'standby' : `standby-${index + 1}`
}

function startPrimary(guard: Guard, options: PartsOptions, port: number, passwords: Readonly<Record<string, string>>) {
  const { pgBin, account, signal } = options
  return startGuardedServer(guard, account, {
    tools: { initdb: join(pgBin, 'initdb'), postgres: join(pgBin, 'postgres') },
    directory: join(options.directory, 'primary'),
    listen: { port },
    settings: { ...primarySettings, ...options.settings },
    superuser: roles.admin,
    password: passwords[roles.admin] ?? '',
    initdbArgs,
    hbaLines,
    ...given(signal),
  })
}

/** Waits for all of them, so that nothing is still starting when the guard cleans up after a failure. */
async function allOrFirstFailure<Work extends readonly unknown[] | []>(work: Work) {
  await Promise.allSettled(work)
  return Promise.all(work)
}

function serverData(directory: string, name: string, server: LocalServer): ServerData {
  const { port, socketDirectory, dataDirectory, pid } = server
  return { port, socketDirectory, dataDirectory, pid, logFile: join(directory, name, 'server.log') }
}

function s3Data(server: GuardedS3Server): S3Data {
  const { endpoint, accessKey, secretKey, region, bucket, objectsDirectory, pid, env } = server
  return { endpoint, accessKey, secretKey, region, bucket, objectsDirectory, pid, env }
}

function given(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
