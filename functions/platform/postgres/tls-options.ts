import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { type ConnectionOptions, checkServerIdentity, getCACertificates, type PeerCertificate } from 'node:tls'
import { Failure } from '../failure.ts'
import type { ConnectionSettings } from './settings.ts'

/** How one attempt on a host speaks: in the clear or by TLS. */
export type Encryption = 'plain' | 'tls'

/** The attempts that an sslmode makes on one host, in order; a Unix socket never uses TLS. */
export function encryptionAttempts(sslmode: ConnectionSettings['sslmode'], overSocket: boolean): readonly Encryption[] {
  if (overSocket || sslmode === 'disable') return ['plain']
  if (sslmode === 'allow') return ['plain', 'tls']
  if (sslmode === 'prefer') return ['tls', 'plain']
  return ['tls']
}

/**
 * The TLS options of one attempt, with libpq's rule: where root certificates are given (or found at their default place) the
 * chain is verified in every mode, and `verify-full` also compares the host name; without them only the verify modes fail.
 *
 * Reads the certificate files.
 */
export function tlsOptions(settings: ConnectionSettings, host: string): ConnectionOptions {
  const { sslmode, sslrootcert, sslcert, sslkey } = settings
  const roots = rootCertificates(sslmode, sslrootcert)
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: roots !== undefined,
    ...(roots === undefined ? {} : { ca: roots }),
    checkServerIdentity: (_name, certificate) => (sslmode === 'verify-full' ? identityError(host, certificate) : undefined),
    ...clientCertificate(sslcert, sslkey),
  }
}

/** As libpq, a certificate without alternative names may carry an IP address as its common name; Node refuses that alone. */
function identityError(host: string, certificate: PeerCertificate): Error | undefined {
  const error = checkServerIdentity(host, certificate)
  const named = certificate.subject?.CN
  if (error && !certificate.subjectaltname && isIP(host) !== 0 && named === host) return undefined
  return error
}

function rootCertificates(sslmode: ConnectionSettings['sslmode'], path: string | undefined): string | string[] | undefined {
  if (path === 'system') return getCACertificates('system')
  const text = path === undefined ? undefined : readIfPresent(path)
  if (text !== undefined) return text
  if (!sslmode.startsWith('verify')) return undefined
  throw certificateFailure(
    `root certificate file ${path === undefined ? '~/.postgresql/root.crt' : `"${path}"`} does not exist`,
  )
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined
    throw certificateFailure(`certificate file "${path}" cannot be read`, error)
  }
}

/** A certificate that is not there is none, but one without its key is a mistake: both as in libpq. */
function clientCertificate(certPath: string | undefined, keyPath: string | undefined): Pick<ConnectionOptions, 'cert' | 'key'> {
  const cert = certPath === undefined ? undefined : readIfPresent(certPath)
  if (cert === undefined) return {}
  const key = keyPath === undefined ? undefined : readIfPresent(keyPath)
  if (keyPath === undefined || key === undefined) throw certificateFailure(`the private key file "${keyPath}" does not exist`)
  if (isExposed(keyPath)) throw certificateFailure(`private key file "${keyPath}" may be read by others: run chmod 0600 on it`)
  return { cert, key }
}

/** libpq's rule, which the stock tools would apply later: root's key may be read by its group, anybody else's by nobody. */
function isExposed(path: string): boolean {
  const { uid, mode } = statSync(path)
  return (mode & (uid === 0 ? 0o037 : 0o077)) !== 0
}

function certificateFailure(message: string, cause?: unknown): Failure {
  return new Failure(message, {
    kind: 'config',
    subject: 'TLS certificates',
    hint: 'Give the file by sslrootcert, sslcert and sslkey, use sslrootcert=system, or choose an sslmode that does not verify.',
    cause,
  })
}
