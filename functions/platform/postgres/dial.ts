import { connect as connectSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { Failure } from '../failure.ts'
import { reusedReads } from './borrowed-reads.ts'
import { postgresFailure } from './errors.ts'
import { TLS_FAILED, TLS_NOT_OFFERED } from './failure-codes.ts'
import { isSocketDirectory } from './hosts.ts'
import type { ConnectionSettings, HostAddress } from './settings.ts'
import { type Encryption, tlsOptions } from './tls-options.ts'

/** The request for TLS: its length and PostgreSQL's number for it. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])

/** A peer that is gone without a word is noticed after this and ten seconds more (libuv probes once a second). */
const keptAlive = { keepAlive: true, keepAliveInitialDelay: 60_000 }

/**
 * Opens the byte stream to one address, encrypted or not, up to but without the log-in.
 *
 * pg's own negotiation is not used because it knows neither `allow`, `prefer` nor verification by the presence of a root file.
 *
 * @param signal closes the stream whenever it fires, also later.
 * @throws Failure with code TLS_NOT_OFFERED or TLS_FAILED, or an errno's name.
 */
export async function dial(
  settings: ConnectionSettings,
  address: HostAddress,
  encryption: Encryption,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted()
  const overSocket = isSocketDirectory(address.host)
  const target = overSocket
    ? { path: join(address.host, `.s.PGSQL.${address.port}`) }
    : { host: address.hostaddr ?? address.host, port: address.port, ...keptAlive, noDelay: true }
  const subject = `${address.host}:${address.port}`
  const socket: Socket = connectSocket({ ...target, ...(encryption === 'plain' ? reusedReads(() => socket) : {}) })
  socket.on('error', () => {})
  const close = (): void => void socket.destroy()
  signal.addEventListener('abort', close, { once: true })
  socket.once('close', () => signal.removeEventListener('abort', close))
  try {
    await heard(socket, 'connect')
    return encryption === 'plain' ? socket : await startTls(socket, settings, address.host, signal)
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw postgresFailure(error, subject)
  }
}

async function startTls(socket: Socket, settings: ConnectionSettings, host: string, signal: AbortSignal): Promise<Socket> {
  const options = tlsOptions(settings, host)
  socket.write(SSL_REQUEST)
  const answer = (await heard(socket, 'data')) as Buffer
  socket.pause()
  if (answer[0] === 0x4e) throw notOffered(host)
  // Bytes behind the answer were not encrypted: somebody in between may have put them there (CVE-2021-23222).
  if (answer[0] !== 0x53 || answer.byteLength !== 1) throw notPostgres(host)
  const secure = connectTls({ ...options, socket })
  secure.on('error', () => {})
  try {
    await heard(secure, 'secureConnect')
    return secure
  } catch (error) {
    secure.destroy()
    signal.throwIfAborted()
    throw tlsFailure(host, settings, error)
  }
}

/** The first argument of the next such event; rejects when the stream fails or closes before. */
function heard(socket: Socket, event: 'connect' | 'data' | 'secureConnect'): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onEvent = (argument: unknown): void => settle(() => resolve(argument))
    const onError = (error: Error): void => settle(() => reject(error))
    const onClose = (): void => settle(() => reject(new Error('the server closed the connection unexpectedly')))
    const settle = (act: () => void): void => {
      socket.off(event, onEvent).off('error', onError).off('close', onClose)
      act()
    }
    socket.once(event, onEvent).once('error', onError).once('close', onClose)
  })
}

function notOffered(host: string): Failure {
  return new Failure(`${host} does not support TLS, but sslmode requires it`, {
    kind: 'config',
    subject: host,
    hint: 'Turn ssl on at the server, or choose sslmode=disable for a network that nobody else can read.',
    code: TLS_NOT_OFFERED,
  })
}

function notPostgres(host: string): Failure {
  return new Failure(`${host} did not answer as a PostgreSQL server does`, {
    kind: 'config',
    subject: host,
    hint: 'Check the host and port: something else listens there, or changes what passes.',
    code: 'PROTOCOL',
  })
}

function tlsFailure(host: string, settings: ConnectionSettings, cause: unknown): Failure {
  const { code, message } = cause as NodeJS.ErrnoException
  const roots = settings.sslrootcert ? ` against ${settings.sslrootcert}` : ''
  return new Failure(`the TLS connection to ${host} failed: ${message}${code ? ` (${code})` : ''}`, {
    kind: 'config',
    subject: host,
    hint: `The server's certificate was checked with sslmode=${settings.sslmode}${roots}: renew or correct the certificate, the host name or the root file.`,
    code: TLS_FAILED,
    cause,
  })
}
