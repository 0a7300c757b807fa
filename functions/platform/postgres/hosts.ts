import type { Failure } from '../failure.ts'
import { conninfoFailure } from './conninfo-failure.ts'
import type { HostAddress } from './settings.ts'

const DEFAULT_PORT = 5432

/** The comma-separated lists that libpq pairs up; absent ones are undefined. */
export interface HostLists {
  host: string | undefined
  hostaddr: string | undefined
  port: string | undefined
}

/**
 * Pairs hosts, addresses and ports as libpq does: one port serves all hosts, otherwise the counts must agree; an empty entry
 * means the default.
 *
 * @param defaultHost a socket directory or `localhost`.
 */
export function pairHosts(lists: HostLists, defaultHost: string): HostAddress[] {
  const hosts = lists.host?.split(',')
  const addresses = lists.hostaddr?.split(',')
  const ports = lists.port?.split(',') ?? ['']
  const count = addresses?.length ?? hosts?.length ?? 1
  if (hosts && hosts.length !== count) throw conninfoFailure(`${hosts.length} hosts do not match ${count} hostaddr values`)
  if (ports.length !== 1 && ports.length !== count) {
    throw conninfoFailure(`${ports.length} ports do not match ${count} hosts`, 'Give one port for all hosts, or one for each.')
  }
  return Array.from({ length: count }, (_, index) => {
    const hostaddr = addresses?.[index] ?? ''
    const host = hosts?.[index] || hostaddr || defaultHost
    if (host.startsWith('@')) throw conninfoFailure('abstract Unix sockets (a host that begins with @) are not supported')
    const port = parsePort((ports.length === 1 ? ports[0] : ports[index]) ?? '')
    return hostaddr === '' ? { host, port } : { host, port, hostaddr }
  })
}

/** Whether a host is the directory of a Unix socket. */
export function isSocketDirectory(host: string): boolean {
  return host.startsWith('/')
}

/** A port that is no number is not shown: in a URL it may be the beginning of a password with an unencoded slash. */
function invalidPort(text: string): Failure {
  const shown = /^[\d\s]+$/.test(text) ? ` "${text}"` : ''
  return conninfoFailure(
    `invalid port number${shown}`,
    'A port is a number from 1 to 65535; in a URL, write / in a password as %2F.',
  )
}

function parsePort(text: string): number {
  if (text === '') return DEFAULT_PORT
  const port = /^\s*\d{1,5}\s*$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw invalidPort(text)
  return port
}
