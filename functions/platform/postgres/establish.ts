import { lookup } from 'node:dns/promises'
import { isIP, type Socket } from 'node:net'
import type pg from 'pg'
import { Failure } from '../failure.ts'
import { dial } from './dial.ts'
import { postgresFailure } from './errors.ts'
import { WRONG_SERVER_KIND } from './failure-codes.ts'
import { isSocketDirectory } from './hosts.ts'
import { logIn, logOut } from './login.ts'
import {
  mayTryNextAddress,
  mayTryOtherEncryption,
  mostTelling,
  noneCouldBeUsed,
  passes,
  type ServerState,
  sessionFits,
} from './session-choice.ts'
import type { ConnectionSettings, HostAddress } from './settings.ts'
import { type Encryption, encryptionAttempts } from './tls-options.ts'

/** A logged-in connection to the one address that answered. */
export interface Established {
  client: pg.Client
  socket: Socket
  address: HostAddress
  password: string | undefined
  encryption: Encryption
  versionNum: number
}

interface Attempt {
  settings: ConnectionSettings
  address: HostAddress
  password: string | undefined
  applicationName: string
  signal: AbortSignal
  askState: AskState
}

/** What a server says of itself once it has let us in. */
export type AskState = (
  client: pg.Client,
  socket: Socket,
  signal: AbortSignal,
  address: HostAddress,
) => Promise<ServerState & { versionNum: number }>

/** Simple protocol, no transaction, no setting: harmless also through a pooler. */
const SERVER_STATE = `SELECT pg_catalog.current_setting('server_version_num') AS version,
  pg_catalog.pg_is_in_recovery() AS standby, pg_catalog.current_setting('default_transaction_read_only') AS read_only`

/**
 * Tries the hosts, and every address of each, in libpq's order until one fits target_session_attrs.
 *
 * @param askState another question for what is no PostgreSQL server.
 */
export async function establish(
  settings: ConnectionSettings,
  applicationName: string,
  signal: AbortSignal,
  askState: AskState = askServerState,
): Promise<Established> {
  const failures: Failure[] = []
  for (const wanted of passes(settings.targetSessionAttrs)) {
    for (const [index, host] of settings.hosts.entries()) {
      const password = settings.password ?? settings.hostPasswords?.[index]
      for (const address of await addressesOf(host, failures)) {
        try {
          const { state, ...found } = await connectTo({ settings, address, password, applicationName, signal, askState })
          if (sessionFits(wanted, state)) return found
          await logOut(found.client, found.socket)
          failures.push(wrongKind(address, wanted))
        } catch (error) {
          const failure = postgresFailure(error, `${address.host}:${address.port}`)
          if (signal.aborted || !mayTryNextAddress(failure)) throw error
          failures.push(failure)
        }
      }
    }
  }
  throw noneCouldBeUsed(failures)
}

/** Every address of a host in the resolver's order; one that cannot be resolved adds a failure and yields none. */
async function addressesOf(address: HostAddress, failures: Failure[]): Promise<HostAddress[]> {
  const { host, hostaddr } = address
  if (hostaddr !== undefined || isSocketDirectory(host) || isIP(host) !== 0) return [address]
  try {
    const found = await lookup(host, { all: true })
    return found.map((one) => ({ ...address, hostaddr: one.address }))
  } catch (error) {
    failures.push(postgresFailure(error, host))
    return []
  }
}

/** One address with the one or two encryptions its sslmode allows. */
async function connectTo(attempt: Attempt): Promise<Established & { state: ServerState }> {
  const { settings, address, signal } = attempt
  const failures: Failure[] = []
  for (const encryption of encryptionAttempts(settings.sslmode, isSocketDirectory(address.host))) {
    try {
      return await withinTime(attempt, encryption)
    } catch (error) {
      if (signal.aborted || !(error instanceof Failure)) throw error
      failures.push(error)
      if (!mayTryOtherEncryption(error)) break
    }
  }
  throw mostTelling(failures)
}

async function withinTime(attempt: Attempt, encryption: Encryption): Promise<Established & { state: ServerState }> {
  const { settings, address, password, applicationName, askState } = attempt
  const seconds = settings.connectTimeoutSeconds
  const late = new AbortController()
  const timer = seconds > 0 ? setTimeout(() => late.abort(timedOut(address, seconds)), seconds * 1000) : undefined
  const signal = AbortSignal.any([attempt.signal, late.signal])
  try {
    const socket = await dial(settings, address, encryption, signal)
    const client = await logIn(socket, { settings, address, password, applicationName }, signal)
    const { versionNum, ...state } = await askState(client, socket, signal, address)
    return { client, socket, address, password, encryption, versionNum, state }
  } finally {
    clearTimeout(timer)
  }
}

const askServerState: AskState = async (client, socket, signal, address) => {
  try {
    const { rows } = await client.query<{ version: string; standby: boolean; read_only: string }>(SERVER_STATE)
    const [row] = rows
    return { versionNum: Number(row?.version), standby: row?.standby === true, readOnly: row?.read_only === 'on' }
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw postgresFailure(error, `${address.host}:${address.port}`)
  }
}

function timedOut(address: HostAddress, seconds: number): Failure {
  return new Failure(`${address.host}:${address.port} did not complete the connection within ${seconds} s`, {
    kind: 'transient',
    subject: `${address.host}:${address.port}`,
    hint: 'Check the address, the firewall and the load of the server, or raise connect_timeout.',
    code: 'ETIMEDOUT',
  })
}

function wrongKind(address: HostAddress, wanted: string): Failure {
  return new Failure(`the server is not what target_session_attrs=${wanted} asks for`, {
    kind: 'transient',
    subject: `${address.host}:${address.port}`,
    hint: 'Check which server is the primary and which are standbys, and whether all hosts are named.',
    code: WRONG_SERVER_KIND,
  })
}
