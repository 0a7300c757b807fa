import { Failure } from '../failure.ts'

/** One POST of a short text to a URL that may be a secret. */
export interface PostRequest {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
  /** Limit for the whole exchange, in milliseconds. */
  withinMs: number
  signal?: AbortSignal | undefined
}

/** What came back. */
export interface PostAnswer {
  status: number
  /** The start of the body, at most 1 kB. */
  text: string
  /** Of the Retry-After header, in seconds from now. */
  retryAfterSeconds?: number
}

const keptBytes = 1024

/**
 * Sends it once. TLS is verified, redirects are answers like any other, and of the body only the start is read.
 *
 * @throws an error of `fetch`, whose text may hold the URL: only its code is for messages, see {@link networkCode}.
 */
export async function post({ url, body, headers = {}, withinMs, signal }: PostRequest): Promise<PostAnswer> {
  const deadline = AbortSignal.timeout(withinMs)
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'user-agent': 'ballast', ...headers },
    redirect: 'manual',
    signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
  })
  const text = await startOf(answer)
  const retryAfterSeconds = retryAfter(answer.headers.get('retry-after'))
  return { status: answer.status, text, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) }
}

async function startOf(answer: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  if (answer.body === null) return ''
  for await (const part of answer.body) {
    parts.push(part)
    bytes += part.byteLength
    // Leaving the loop cancels the rest.
    if (bytes >= keptBytes) break
  }
  return Buffer.concat(parts).subarray(0, keptBytes).toString('utf8')
}

/** A number of seconds or a date (RFC 9110, 10.2.3), in seconds from now. */
export function retryAfter(header: string | null, nowMs: number = Date.now()): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header.trim())) return Number(header)
  const atMs = Date.parse(header)
  return Number.isNaN(atMs) ? undefined : Math.max(0, (atMs - nowMs) / 1000)
}

const certificateCodes: ReadonlySet<string> = new Set([
  'CERT_HAS_EXPIRED',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/**
 * Why nothing came back, as a Failure: by the code of the error alone, since its text may hold a secret URL.
 *
 * @param who was asked, as a sentence begins: `The channel "ops-chat"`.
 */
export function networkFailure(thrown: unknown, who: string, subject: string): Failure {
  const code = networkCode(thrown)
  if (certificateCodes.has(code)) {
    return new Failure(`${who} shows a certificate that is not trusted here (${code})`, {
      ...{ kind: 'permanent', subject, code },
      hint: "Check the address and this machine's clock, or name the CA in NODE_EXTRA_CA_CERTS.",
    })
  }
  const said = code === 'TimeoutError' ? 'did not answer in time' : `could not be reached (${code})`
  return new Failure(`${who} ${said}`, {
    ...{ kind: 'transient', subject, code },
    hint: 'Check the address, and DNS, firewall and proxy on the way out of this machine.',
  })
}

/** What stands for any error after a deadline: what a client makes of being stopped differs. */
export const tookTooLong = Object.assign(new Error('took too long'), { name: 'TimeoutError' })

/** The code deepest in an error of `fetch`, of an AWS client or of a socket; never its text. */
export function networkCode(thrown: unknown): string {
  let found = 'unknown error'
  let current: unknown = thrown
  for (let depth = 0; depth < 10 && current instanceof Error; depth += 1) {
    const { code, name } = current as NodeJS.ErrnoException
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) found = code
    else if (name === 'TimeoutError' || name === 'AbortError') found = name
    current = current instanceof AggregateError ? current.errors[0] : current.cause
  }
  return found
}
