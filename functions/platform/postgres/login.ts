import { once } from 'node:events'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import pg from 'pg'
import { Failure } from '../failure.ts'
import { postgresFailure } from './errors.ts'
import { NO_PASSWORD } from './failure-codes.ts'
import type { ConnectionSettings, HostAddress } from './settings.ts'
import { textualTypes } from './value-types.ts'

/** libpq sets no limit to what a server may ask for; pg's own default refuses what scram_iterations allows. */
const SCRAM_ITERATIONS = 2 ** 31 - 1

interface ClientConfig extends pg.ClientConfig {
  scramMaxIterations: number
}

/** Sends exactly these start-up parameters: pg on its own would also read PG* variables that were resolved already. */
class ResolvedClient extends pg.Client {
  readonly #startup: Record<string, string>

  constructor(config: ClientConfig, startup: Record<string, string>) {
    super(config)
    this.#startup = startup
  }

  getStartupConf(): Record<string, string> {
    return this.#startup
  }
}

/** What a log-in needs beside the stream. */
export interface Login {
  settings: ConnectionSettings
  address: HostAddress
  password: string | undefined
  applicationName: string
}

/**
 * Logs in over an open stream. The client's errors are listened to from the first moment on, so that none can end the process.
 *
 * @param signal must have closed the stream already when it fires, as {@link dial}'s does.
 */
export async function logIn(socket: Socket, login: Login, signal: AbortSignal): Promise<pg.Client> {
  const { settings, address } = login
  const client = new ResolvedClient(
    {
      host: address.host,
      port: address.port,
      user: settings.user,
      database: settings.database,
      password: () => passwordOf(login),
      stream: () => asUnconnected(socket),
      ssl: false,
      sslnegotiation: 'postgres',
      types: textualTypes,
      enableChannelBinding: socket instanceof TLSSocket && settings.channelBinding !== 'disable',
      scramMaxIterations: SCRAM_ITERATIONS,
    },
    {
      user: settings.user,
      database: settings.database,
      client_encoding: 'UTF8',
      application_name: login.applicationName,
      ...(settings.options === undefined ? {} : { options: settings.options }),
    },
  )
  client.on('error', () => {})
  try {
    const connected = client.connect()
    containParserErrors(socket)
    await connected
    return client
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw postgresFailure(error, `${settings.user}@${address.host}:${address.port}/${settings.database}`)
  }
}

/** pg insists on calling `connect` and on hearing of it. */
function asUnconnected(socket: Socket): Socket {
  socket.connect = () => {
    process.nextTick(() => socket.emit('connect'))
    return socket
  }
  return socket
}

/** pg's parser throws on messages that it does not know, inside an event where nobody can catch: here that ends the connection. */
function containParserErrors(socket: Socket): void {
  for (const listener of socket.listeners('data')) {
    socket.off('data', listener as () => void)
    socket.on('data', (bytes: Buffer) => {
      try {
        listener.call(socket, bytes)
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)))
      }
    })
  }
}

function passwordOf({ password, settings }: Login): string {
  if (password !== undefined) return password
  throw new Failure('the server asks for a password, and none was found', {
    kind: 'config',
    subject: settings.user,
    hint: 'Give it in DATABASE_URL, PGPASSWORD or a .pgpass with a line for this host, port, database and user.',
    code: NO_PASSWORD,
  })
}

/** Says goodbye, and waits a bounded time for the stream to close. */
export async function logOut(client: pg.Client, socket: Socket): Promise<void> {
  if (socket.destroyed) return
  const closed = once(socket, 'close').catch(() => {})
  const late = setTimeout(() => socket.destroy(), 2_000)
  await Promise.allSettled([client.end(), closed])
  clearTimeout(late)
}
