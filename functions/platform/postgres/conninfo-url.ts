import { conninfoFailure } from './conninfo-failure.ts'

/** Parameters by libpq's names, as written: nothing is checked or defaulted yet. */
export type RawParameters = Map<string, string>

const SCHEME = /^postgres(?:ql)?:\/\//

/** Whether a connection string is a URL in libpq's sense. */
export function isConnectionUrl(text: string): boolean {
  return SCHEME.test(text)
}

/**
 * Reads a `postgresql://` URL as libpq does: several hosts with ports, IPv6 in brackets, percent-encoding everywhere, every
 * parameter in the query (a later one wins), `ssl=true` as JDBC writes it.
 */
export function parseConnectionUrl(text: string): RawParameters {
  const found: RawParameters = new Map()
  const rest = takeCredentials(text.replace(SCHEME, ''), found)
  const hostsEnd = endOfHosts(rest)
  takeHosts(rest.slice(0, hostsEnd), found)
  const [path = '', ...query] = rest.slice(hostsEnd).split('?')
  store(found, 'dbname', path.slice(1))
  if (query.length > 0) takeQuery(query.join('?'), found)
  return found
}

function takeCredentials(text: string, found: RawParameters): string {
  const end = /^[^@/]*@/.exec(text)?.[0].length
  if (end === undefined) return text
  const credentials = text.slice(0, end - 1)
  const colon = credentials.indexOf(':')
  store(found, 'user', colon === -1 ? credentials : credentials.slice(0, colon))
  if (colon !== -1) store(found, 'password', credentials.slice(colon + 1))
  return text.slice(end)
}

function endOfHosts(text: string): number {
  const end = text.search(/[/?]/)
  return end === -1 ? text.length : end
}

function takeHosts(text: string, found: RawParameters): void {
  const hosts: string[] = []
  const ports: string[] = []
  for (const part of text.split(',')) {
    const match = /^(?:\[([^\]]*)\]|([^:[]*))(?::(.*))?$/.exec(part)
    // Nothing of the text is shown here or below: an unencoded / or @ in a password leads parts of it anywhere.
    if (!match) throw conninfoFailure('a host of the connection URL cannot be read: write / : @ in a password as %2F %3A %40')
    if (match[1] === '') throw conninfoFailure('an IPv6 address in the connection URL is empty')
    hosts.push(match[1] ?? match[2] ?? '')
    ports.push(match[3] ?? '')
  }
  // A lone empty entry is no host at all, and leaves PGHOST and PGPORT their say.
  store(found, 'host', hosts.join(','))
  store(found, 'port', ports.join(','))
}

function takeQuery(query: string, found: RawParameters): void {
  if (query === '') return
  for (const [index, pair] of query.split('&').entries()) {
    const [rawName = '', rawValue, ...more] = pair.split('=')
    if (rawValue === undefined) throw conninfoFailure(`URL query parameter ${index + 1} lacks "=" and a value`)
    if (more.length > 0) throw conninfoFailure(`URL query parameter ${index + 1} has more than one "=": write %3D`)
    const name = decode(rawName)
    if (name === 'ssl' && rawValue === 'true') found.set('sslmode', 'require')
    else found.set(name, decode(rawValue))
  }
}

function store(found: RawParameters, name: string, encoded: string): void {
  if (encoded !== '') found.set(name, decode(encoded))
}

function decode(text: string): string {
  if (/%00/.test(text)) throw conninfoFailure('the connection URL holds the forbidden value %00')
  try {
    return decodeURIComponent(text)
  } catch (error) {
    throw conninfoFailure('a part of the connection URL is not percent-encoded', 'Write the sign % itself as %25.', error)
  }
}
