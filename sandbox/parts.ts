import { join } from 'node:path'
import type { Account, Guard } from '../functions/platform/guard/guard.ts'
import type { LocalServer } from '../functions/platform/postgres/launch-server.ts'
import { startGuardedServer } from '../functions/platform/postgres/local-server.ts'
import { roles, type S3Data, type SandboxData, type ServerData } from './data.ts'
import { createDatabase, createRoles } from './databases.ts'
import { freePorts } from './free-port.ts'
import type { SandboxOptions } from './options.ts'
import { startPgbouncer } from './pgbouncer.ts'
import { hbaLines, initdbArgs, primarySettings } from './primary.ts'
import { type S3Server, startGuardedS3Server } from './s3-server.ts'
import { randomSecret } from './secret.ts'
import type { Service } from './service.ts'
import { type StandbyOptions, startStandby } from './standby.ts'

/** The sandbox's options with everything decided. */
export interface PartsOptions extends SandboxOptions {
  directory: string
  pgBin: string
  account: Account | undefined
}

/** What runs, and what is known about it. */
export interface SandboxParts {
  data: SandboxData
  servers: readonly LocalServer[]
  services: readonly Pick<Service, 'stop'>[]
}

/** Starts the primary and the S3 server side by side, then what needs the primary. */
export async function startParts(guard: Guard, options: PartsOptions): Promise<SandboxParts> {
  const passwords = Object.fromEntries(Object.values(roles).map((role) => [role, randomSecret()]))
  const standbys = Number(options.standby ?? true)
  const [primaryPort = 0, poolerPort = 0, ...standbyPorts] = await freePorts(2 + standbys)
  const { directory, pgBin, account, signal } = options
  const shared = { passwords, account, signal }

  const [primary, s3] = await allOrFirstFailure([
    startPrimary(guard, options, primaryPort, passwords),
    options.s3 === false
      ? undefined
      : startGuardedS3Server(guard, account, { directory: join(directory, 's3'), ...given(signal) }),
  ])
  const data: SandboxData = { directory, pgBin, passwords, primary: serverData(directory, 'primary', primary) }
  await createRoles(data)
  for (const name of options.databases ?? ['app']) await createDatabase(data, name)
  const pooler = { ...shared, directory: join(directory, 'pgbouncer'), port: poolerPort, primaryPort }
  const [pgbouncer, followers] = await allOrFirstFailure([
    options.pgbouncer === false ? undefined : startPgbouncer(guard, pooler),
    startStandbys(standbyPorts, (own) => startStandby(guard, { ...shared, ...own, pgBin, primary }), directory),
  ])
  const [first, ...furtherStandbys] = followers.map((server, index) => serverData(directory, standbyNames(index).name, server))
  return {
    data: {
      ...data,
      standby: first,
      furtherStandbys,
      pgbouncer: pgbouncer && { port: poolerPort, pid: pgbouncer.pid, logFile: pgbouncer.log },
      s3: s3 && s3Data(s3),
    },
    servers: [...followers, primary],
    services: [pgbouncer, s3].filter((service) => service !== undefined),
  }
}

/** Stops the pooler and the S3 server, then the standbys before the primary that they follow. */
export async function stopParts(parts: SandboxParts): Promise<void> {
  await Promise.all(parts.services.map((service) => service.stop()))
  for (const server of parts.servers) await server.stop('immediate')
}

/** One after another: the checkpoint of one base backup may remove WAL that another has just begun to need. */
async function startStandbys(
  ports: readonly number[],
  start: (own: Pick<StandbyOptions, 'name' | 'slot' | 'directory' | 'port'>) => Promise<LocalServer>,
  directory: string,
): Promise<LocalServer[]> {
  const started: LocalServer[] = []
  for (const [index, port] of ports.entries()) {
    const names = standbyNames(index)
    started.push(await start({ ...names, port, directory: join(directory, names.name) }))
  }
  return started
}

/** `standby`, `standby-2`, `standby-3`; a slot has no dashes. */
function standbyNames(index: number): { name: string; slot: string } {
  const name = index === 0 ? 'standby' : `standby-${index + 1}`
  return { name, slot: name.replace('-', '_') }
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

function s3Data(server: S3Server): S3Data {
  const { endpoint, accessKey, secretKey, region, bucket, objectsDirectory, pid, env } = server
  return { endpoint, accessKey, secretKey, region, bucket, objectsDirectory, pid, env }
}

function given(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {}
}
