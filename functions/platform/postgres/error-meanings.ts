import type { FailureKind } from '../failure.ts'

/** What an error asks of the operator. */
export interface ErrorMeaning {
  kind: FailureKind
  hint: string
}

/** What to do about a connection that ended without a reason. */
export const connectionLostHint = 'The connection was lost: look at the server log and the network, then run again.'

const RECOVERY_CONFLICT: ErrorMeaning = {
  kind: 'transient',
  hint:
    'The standby had to apply changes that this read held up: raise max_standby_streaming_delay there (or set hot_standby_feedback ' +
    'to on), keep DDL away from backup hours, or back up from the primary; then run again.',
}

const POOLER: ErrorMeaning = {
  kind: 'config',
  hint: 'This is a connection pooler such as PgBouncer: give the address of the PostgreSQL server itself.',
}

const MESSAGES: readonly { pattern: RegExp; meaning: ErrorMeaning }[] = [
  { pattern: /due to conflict with recovery|must be vacuumed or removed during recovery/i, meaning: RECOVERY_CONFLICT },
  {
    pattern: /unsupported startup parameter|no more connections allowed \(max_client_conn\)|no such user \(/i,
    meaning: POOLER,
  },
  { pattern: /^bouncer config error|^pgbouncer cannot connect|server_login_retry|query_wait_timeout/i, meaning: POOLER },
  {
    pattern: /invalid snapshot identifier|could not import the requested snapshot/i,
    meaning: { kind: 'transient', hint: 'The session that held the snapshot has ended: run the backup again.' },
  },
  {
    pattern: /statement timeout/i,
    meaning: { kind: 'transient', hint: 'statement_timeout stopped it: set it to 0 for the backup role, then run again.' },
  },
  {
    pattern: /no pg_hba\.conf entry/i,
    meaning: {
      kind: 'config',
      hint: 'Add a line for this user, database and address to pg_hba.conf and reload, or check sslmode: "no encryption" lacked TLS.',
    },
  },
  {
    pattern: /^SASL: .*(signature|nonce)/,
    meaning: {
      kind: 'config',
      hint: 'The server did not prove that it knows the password: check that the address is the right one.',
    },
  },
  {
    pattern: /^Unknown authentication/,
    meaning: {
      kind: 'config',
      hint: 'The server asks for Kerberos or SSPI: let pg_hba.conf use scram-sha-256, cert or peer for this role.',
    },
  },
  {
    pattern: /connection terminated|closed the connection unexpectedly|terminated unexpectedly|not queryable/i,
    meaning: { kind: 'transient', hint: connectionLostHint },
  },
]

/** Meanings by SQLSTATE; a two-letter key is a whole class. */
const SQLSTATES: Readonly<Record<string, ErrorMeaning>> = {
  '08': { kind: 'transient', hint: connectionLostHint },
  '0A': { kind: 'permanent', hint: 'This server does not support what was asked: check its version with `ballast doctor`.' },
  '22023': {
    kind: 'permanent',
    hint: 'A server setting or a snapshot was refused: see the message, and options or PGOPTIONS if they are used.',
  },
  '25P03': {
    kind: 'config',
    hint: 'Set idle_in_transaction_session_timeout to 0 for this role: a backup holds one snapshot open.',
  },
  '25P04': { kind: 'config', hint: 'Set transaction_timeout to 0 for this role: a backup holds one snapshot open.' },
  '28': {
    kind: 'config',
    hint: 'Check the user, its password (DATABASE_URL, PGPASSWORD, .pgpass), its LOGIN right and pg_hba.conf.',
  },
  '3D000': { kind: 'config', hint: 'Check the name of the database: `psql -l` lists those of this server.' },
  '40': { kind: 'transient', hint: 'The server resolved a conflict between sessions by ending this one: run again.' },
  '42501': {
    kind: 'permanent',
    hint: 'Grant the role what it lacks: for backups, GRANT pg_read_all_data; `ballast doctor` names what it cannot read.',
  },
  '42601': { kind: 'bug', hint: 'This is a defect in Ballast: keep the log of this run and report it.' },
  '42': {
    kind: 'permanent',
    hint: 'An object was not as expected; if a table was dropped or altered meanwhile, run again when no DDL runs.',
  },
  '53100': { kind: 'permanent', hint: "Free space on the server's disk, then run again." },
  '53200': { kind: 'transient', hint: 'The server ran out of memory: look at its load and memory settings, then run again.' },
  '53300': {
    kind: 'transient',
    hint: 'All connections are taken: raise max_connections, keep some reserved, or run fewer jobs.',
  },
  '53': { kind: 'transient', hint: 'The server lacked a resource: look at its log, then run again.' },
  '54': { kind: 'permanent', hint: 'A limit of the server was exceeded: the message names it.' },
  '55P03': {
    kind: 'transient',
    hint: 'Another session holds a lock (DDL, VACUUM FULL, LOCK): see pg_locks, run again when it has ended.',
  },
  '55': { kind: 'transient', hint: 'The object is in use or not ready: run again.' },
  '57014': { kind: 'transient', hint: 'Somebody or a timeout cancelled the statement: see the server log, then run again.' },
  '57P03': { kind: 'transient', hint: 'The server is starting, stopping or recovering: wait until it accepts connections.' },
  '57P04': { kind: 'permanent', hint: 'The database was dropped while it was in use.' },
  '57': { kind: 'transient', hint: 'The server was stopped, restarted or ended this session: see its log, then run again.' },
  '58': { kind: 'permanent', hint: "The server could not read or write its own files: see its log and the machine's disk." },
  XX001: {
    kind: 'permanent',
    hint: 'The server reports damaged data: stop, keep the last good backup, and run pg_amcheck on this table.',
  },
  XX002: { kind: 'permanent', hint: 'The server reports a damaged index: REINDEX it, and run pg_amcheck.' },
}

const ERRNOS: Readonly<Record<string, ErrorMeaning>> = {
  ECONNREFUSED: {
    kind: 'transient',
    hint: 'Nothing listens there: check host and port, that the server runs, and listen_addresses.',
  },
  ENOENT: {
    kind: 'transient',
    hint: 'There is no such socket: check that the server runs, the port and unix_socket_directories.',
  },
  ENOTFOUND: { kind: 'config', hint: 'The host name does not exist: check its spelling and the DNS.' },
  EAI_AGAIN: { kind: 'transient', hint: 'The DNS did not answer: check the network and the resolver, then run again.' },
  ETIMEDOUT: { kind: 'transient', hint: 'No answer in time: check the address, the firewall and connect_timeout.' },
  EHOSTUNREACH: { kind: 'transient', hint: 'The machine cannot be reached: check the address, the route and the firewall.' },
  ENETUNREACH: { kind: 'transient', hint: 'The network cannot be reached: check the address and the route.' },
  ECONNRESET: {
    kind: 'transient',
    hint: 'The other side closed the connection: look at the server log and the network, then run again.',
  },
  EPIPE: {
    kind: 'transient',
    hint: 'The other side closed the connection: look at the server log and the network, then run again.',
  },
  EACCES: { kind: 'permanent', hint: 'This user may not use that socket: check the permissions of its directory.' },
  EPERM: {
    kind: 'permanent',
    hint: 'The operating system forbids this connection: check the firewall and the rights of this user.',
  },
}

/** What the wording says where the code alone does not. */
export function meaningOfMessage(message: string, code: string | undefined): ErrorMeaning | undefined {
  // A table or a password can carry any words: only texts of these classes come from the server itself.
  if (code !== undefined && !/^(08|22023|28|40|42704|57|58|E)/.test(code)) return undefined
  return MESSAGES.find(({ pattern }) => pattern.test(message))?.meaning
}

export function meaningOfSqlstate(code: string): ErrorMeaning | undefined {
  if (!/^[0-9A-Z]{5}$/.test(code)) return undefined
  return SQLSTATES[code] ?? SQLSTATES[code.slice(0, 2)]
}

export function meaningOfErrno(code: string): ErrorMeaning | undefined {
  return ERRNOS[code]
}
