import type { DirectConnection } from '../../config/derive.ts'

/** A defined connection as libpq's `keyword='value'` pairs, without its password. */
export function connectionPairs(direct: Extract<DirectConnection, { type: 'parts' }>): string {
  const { hosts, database, user, sslmode, sslrootcert, targetSessionAttrs } = direct
  const pairs: [string, string | undefined][] = [
    ['host', hosts.map(({ host }) => host).join(',')],
    ['port', hosts.map(({ port }) => port).join(',')],
    ['dbname', database],
    ['user', user],
    ['sslmode', sslmode],
    ['sslrootcert', sslrootcert],
    ['target_session_attrs', targetSessionAttrs],
  ]
  return pairs
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}='${value.replace(/[\\']/g, '\\$&')}'`]))
    .join(' ')
}
