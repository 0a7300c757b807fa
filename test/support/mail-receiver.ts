import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import { Authority } from './certificates.ts'

/** A mail as the server took it. */
export interface ReceivedMail {
  from: string
  to: string[]
  /** Of the session: whether it was encrypted, and who had logged in. */
  secure: boolean
  user: string
  /** The message with its headers. */
  content: string
}

/** A real SMTP server on loopback that asks for a log-in, and knows one user. */
export interface MailReceiver {
  readonly port: number
  /** Path of the root certificate that vouches for it, which nobody trusts by itself. */
  readonly rootCertificate: string
  readonly mails: ReceivedMail[]
  /** Answers to the next mails, in place of taking them. */
  refuse(...answers: { responseCode: number; message: string }[]): void
  stop(): Promise<void>
}

export interface MailReceiverOptions {
  user: string
  password: string
  /** TLS from the first byte, in place of STARTTLS. */
  implicit?: boolean
  /** Does not offer STARTTLS at all. */
  plain?: boolean
  /** Says to a wrong log-in whatever was tried, as careless servers do. */
  echoLogin?: boolean
}

export async function startMailReceiver(options: MailReceiverOptions): Promise<MailReceiver> {
  const { user, password, implicit = false, plain = false, echoLogin = false } = options
  const directory = await mkdtemp(join(tmpdir(), 'ballast-mail-'))
  const authority = new Authority(directory, 'mail')
  const { key, cert } = await authority.issue('server', {
    commonName: 'localhost',
    alternativeNames: 'DNS:localhost,IP:127.0.0.1',
  })
  const mails: ReceivedMail[] = []
  const refusals: { responseCode: number; message: string }[] = []
  const server = new SMTPServer({
    ...{ secure: implicit, key: readFileSync(key), cert: readFileSync(cert), disableReverseLookup: true, hideSTARTTLS: plain },
    ...{ disabledCommands: plain ? ['STARTTLS'] : [], logger: false },
    onAuth: (auth, _session, done) => {
      if (auth.username === user && auth.password === password) return done(null, { user })
      const tried = `${auth.username}:${auth.password} ${Buffer.from(`\0${auth.username}\0${auth.password}`).toString('base64')}`
      return done(Object.assign(new Error(echoLogin ? `5.7.8 wrong: ${tried}` : '5.7.8 wrong'), { responseCode: 535 }))
    },
    onRcptTo: ({ address }, _session, done) => {
      if (address.startsWith('nobody')) return done(Object.assign(new Error('no such user here'), { responseCode: 550 }))
      return done()
    },
    onData: (stream, session, done) => {
      text(stream).then((content) => {
        const refusal = refusals.shift()
        if (refusal !== undefined)
          return done(Object.assign(new Error(refusal.message), { responseCode: refusal.responseCode }))
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false || mailFrom === null ? '' : mailFrom.address
        const to = rcptTo.map(({ address }) => address)
        mails.push({ from, to, secure: session.secure, user: String(session.user), content })
        return done()
      }, done)
    },
  })
  server.on('error', () => undefined)
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, '127.0.0.1', () => {
      const address = listening.address()
      resolve(address !== null && typeof address === 'object' ? address.port : 0)
    })
  })
  return {
    ...{ port, rootCertificate: authority.root, mails },
    refuse: (...answers) => refusals.push(...answers),
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}
