import { conninfoFailure } from './conninfo-failure.ts'
import type { RawParameters } from './conninfo-url.ts'

/**
 * The parameters of one service in the text of a `pg_service.conf`, or undefined when it is not there. Lines are `name=value`
 * without quotes, under `[service]`; `#` begins a comment line.
 *
 * @param path names the file in messages.
 */
export function parseServiceFile(text: string, service: string, path: string): RawParameters | undefined {
  let found: RawParameters | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    if (line.startsWith('[')) {
      if (found) return found
      if (line.startsWith(`[${service}]`)) found = new Map()
    } else if (found) {
      takeLine(line, found, `${path}, line ${index + 1}`)
    }
  }
  return found
}

function takeLine(line: string, found: RawParameters, place: string): void {
  const equals = line.indexOf('=')
  if (equals === -1) throw conninfoFailure(`${place}: "=" is missing`, 'Write each line of the service file as name=value.')
  const name = line.slice(0, equals)
  if (name.startsWith('ldap')) {
    throw conninfoFailure(
      `${place}: looking a service up by LDAP is not supported`,
      'Write the parameters into the service file.',
    )
  }
  if (name === 'service' || name === 'servicefile') {
    throw conninfoFailure(`${place}: a service cannot name another service`, 'Write the parameters into this service.')
  }
  // As in libpq, the first of two equal names wins inside a service.
  if (!found.has(name)) found.set(name, line.slice(equals + 1))
}
