import { readFile } from 'node:fs/promises'
import { createTransport } from 'nodemailer'
import type { Failure } from '../../failure.ts'
import { networkFailure, tookTooLong } from '../../http/post.ts'
import { redact } from '../../secrets/held-secret.ts'
import type { SmtpSettings } from '../settings.ts'
import { type Attempt, channelFailure, type Delivery } from './attempt.ts'

/** Sends mail through an SMTP server, over TLS or not at all. */
export async function sendThroughSmtp(
  delivery: Delivery,
  { from, to, smtp }: { from: string; to: readonly string[]; smtp: SmtpSettings },
): Promise<Attempt> {
  const { channel, message, withinMs, signal } = delivery
  const ca = await rootCertificate(smtp, channel)
  if (typeof ca === 'object') return { delivered: false, failure: ca }
  const transport = createTransport(transportOptions(smtp, ca, withinMs))
  const deadline = AbortSignal.timeout(withinMs)
  try {
    const { rejected } = await transport.sendMail({
      ...{ from, to: [...to], subject: message.title, text: message.text },
      messageId: `<${delivery.id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      // No vacation reply should answer (RFC 3834).
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
    })
    const refused = rejected.join(', ')
    return { delivered: true, ...(refused === '' ? {} : { note: `the server refused ${refused}` }) }
  } catch (thrown) {
    return {
      delivered: false,
      failure: deadline.aborted
        ? networkFailure(tookTooLong, `The channel "${channel}"`, `channel ${channel}`)
        : smtpFailure(thrown, channel, smtp),
    }
  } finally {
    transport.close()
  }
}

function transportOptions({ host, port, tls, login }: SmtpSettings, ca: string | undefined, withinMs: number) {
  const patienceMs = 2 * withinMs
  return {
    ...{ host, port, secure: tls === 'implicit', requireTLS: tls === 'starttls' },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password.reveal() } }),
    tls: { minVersion: 'TLSv1.2' as const, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    // The attempt's own deadline decides; these only let go of a connection that nobody waits for any more.
    ...{ connectionTimeout: patienceMs, greetingTimeout: patienceMs, socketTimeout: patienceMs, dnsTimeout: patienceMs },
    ...{ disableFileAccess: true, disableUrlAccess: true, logger: false },
  }
}

async function rootCertificate(
  { rootCertificate: path }: SmtpSettings,
  channel: string,
): Promise<string | undefined | Failure> {
  if (path === undefined) return undefined
  return await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) =>
    channelFailure(channel, `cannot read ${path} (${error.code ?? 'unknown error'})`, {
      kind: 'config',
      hint: `Let the user who runs this read ${path}, the certificate that the SMTP server is checked with.`,
    }),
  )
}

/** What nodemailer reports: a code of its own in place of the network's, and what the server said. */
interface SmtpError {
  code?: string
  originalCode?: string
  responseCode?: number
  response?: string
}

const refusedHint = 'The SMTP server refuses this for good: check sender, recipients and what its answer says.'
const busyHint = 'The SMTP server is busy, or delays senders that it does not know; the next run tries again.'
const loginHint = 'Compare user and password with those of the SMTP server; it may ask for a password made for applications.'
const tlsHint =
  'The SMTP server must offer TLS with a certificate that is trusted here: check host, port and `tls`, or name its root certificate.'

function smtpFailure(thrown: unknown, channel: string, { login }: SmtpSettings): Failure {
  const error = thrown as SmtpError
  const { code = '', responseCode, response = '' } = error
  if (code === 'ETLS' || responseCode === undefined) return connectionFailure(error, channel)
  const secrets = login === undefined ? [] : [login.password.reveal(), `\0${login.user}\0${login.password.reveal()}`]
  const answer = redact(response, secrets)
    .split(/[\r\n]/, 1)[0]
    ?.slice(0, 200)
  const said = `was refused by the SMTP server: ${answer}`
  const details = { code: `Smtp${responseCode}` }
  if (responseCode < 500) return channelFailure(channel, said, { kind: 'transient', hint: busyHint, ...details })
  return channelFailure(channel, said, { kind: 'permanent', hint: code === 'EAUTH' ? loginHint : refusedHint, ...details })
}

function connectionFailure({ code = 'unknown error', originalCode = code }: SmtpError, channel: string): Failure {
  const error = Object.assign(new Error(originalCode), { code: originalCode })
  const failure = networkFailure(error, `The channel "${channel}"`, `channel ${channel}`)
  if (code !== 'ETLS' && failure.kind !== 'permanent') return failure
  const said = `got no TLS connection (${originalCode})`
  return channelFailure(channel, said, { kind: 'permanent', hint: tlsHint, code: originalCode })
}
