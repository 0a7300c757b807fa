/**
 * What is done with one of libpq's parameters:
 * - `honoured`: it becomes part of the ConnectionSettings;
 * - a list: only these values mean what Ballast does anyway, any other is refused;
 * - `refused`: it changes how libpq connects in a way that Ballast and the stock tools cannot both follow.
 */
type Treatment = 'honoured' | 'refused' | readonly string[]

interface Parameter {
  treatment: Treatment
  /** The environment variable that stands in for it. */
  variable?: string
}

const HONOURED = {
  service: 'PGSERVICE',
  servicefile: 'PGSERVICEFILE',
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  target_session_attrs: 'PGTARGETSESSIONATTRS',
  options: 'PGOPTIONS',
  application_name: 'PGAPPNAME',
  channel_binding: 'PGCHANNELBINDING',
} as const

/** The names of the parameters that Ballast reads, as libpq spells them. */
export type ParameterName = keyof typeof HONOURED | 'fallback_application_name'

/** Every parameter of libpq up to PostgreSQL 18, by name. */
export const parameters: ReadonlyMap<string, Parameter> = new Map<string, Parameter>([
  ...Object.entries(HONOURED).map(([name, variable]): [string, Parameter] => [name, { treatment: 'honoured', variable }]),
  ['fallback_application_name', { treatment: 'honoured' }],
  ['client_encoding', { treatment: ['UTF8', 'UTF-8', 'utf8', 'utf-8'], variable: 'PGCLIENTENCODING' }],
  ['gssencmode', { treatment: ['prefer', 'disable'], variable: 'PGGSSENCMODE' }],
  ['krbsrvname', { treatment: ['postgres'], variable: 'PGKRBSRVNAME' }],
  ['gsslib', { treatment: 'refused', variable: 'PGGSSLIB' }],
  ['gssdelegation', { treatment: ['0'], variable: 'PGGSSDELEGATION' }],
  ['keepalives', { treatment: ['1'] }],
  ['keepalives_idle', { treatment: 'refused' }],
  ['keepalives_interval', { treatment: 'refused' }],
  ['keepalives_count', { treatment: 'refused' }],
  ['tcp_user_timeout', { treatment: ['0'] }],
  ['load_balance_hosts', { treatment: ['disable'], variable: 'PGLOADBALANCEHOSTS' }],
  ['max_protocol_version', { treatment: ['3.0'], variable: 'PGMAXPROTOCOLVERSION' }],
  ['min_protocol_version', { treatment: ['3.0'], variable: 'PGMINPROTOCOLVERSION' }],
  ['oauth_client_id', { treatment: 'refused' }],
  ['oauth_client_secret', { treatment: 'refused' }],
  ['oauth_issuer', { treatment: 'refused' }],
  ['oauth_scope', { treatment: 'refused' }],
  ['replication', { treatment: ['false', 'off', 'no', '0'] }],
  ['require_auth', { treatment: 'refused', variable: 'PGREQUIREAUTH' }],
  ['requirepeer', { treatment: 'refused', variable: 'PGREQUIREPEER' }],
  ['scram_client_key', { treatment: 'refused' }],
  ['scram_server_key', { treatment: 'refused' }],
  ['ssl_max_protocol_version', { treatment: ['TLSv1.3'], variable: 'PGSSLMAXPROTOCOLVERSION' }],
  ['ssl_min_protocol_version', { treatment: ['TLSv1.2'], variable: 'PGSSLMINPROTOCOLVERSION' }],
  ['sslcertmode', { treatment: ['allow'], variable: 'PGSSLCERTMODE' }],
  ['sslcompression', { treatment: ['0'], variable: 'PGSSLCOMPRESSION' }],
  ['sslcrl', { treatment: 'refused', variable: 'PGSSLCRL' }],
  ['sslcrldir', { treatment: 'refused', variable: 'PGSSLCRLDIR' }],
  ['sslkeylogfile', { treatment: 'refused' }],
  ['sslnegotiation', { treatment: ['postgres'], variable: 'PGSSLNEGOTIATION' }],
  ['sslpassword', { treatment: 'refused' }],
  ['sslsni', { treatment: ['1'], variable: 'PGSSLSNI' }],
])

/** The known parameter whose name is nearest to a misspelt one. */
export function nearestParameter(name: string): string {
  let best = 'host'
  let bestDistance = Number.POSITIVE_INFINITY
  for (const known of parameters.keys()) {
    const distance = editDistance(name.toLowerCase().replaceAll('-', '_'), known)
    if (distance < bestDistance) {
      best = known
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein's distance: how many letters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
