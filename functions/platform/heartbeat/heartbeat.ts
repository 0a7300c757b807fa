import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Failure } from '../failure.ts'
import { networkFailure, type PostAnswer, post } from '../http/post.ts'
import type { Outcome } from '../outcome.ts'
import { type HeldSecret, redact } from '../secrets/held-secret.ts'
import { fittingBody, type Ping, pingUrl } from './ping-url.ts'

/** How long a heartbeat may keep a run waiting. */
export interface HeartbeatLimits {
  attempts: number
  /** For one attempt, in milliseconds. */
  attemptMs: number
  /** Between two attempts, in milliseconds. */
  waitMs: number
}

const defaultLimits: HeartbeatLimits = { attempts: 3, attemptMs: 5_000, waitMs: 500 }

/** A ping that did not arrive, in words, and what to do. It is a warning: the run goes on. */
export interface HeartbeatWarning {
  message: string
  hint: string
}

/** One run as a dead-man's switch sees it. */
export interface Heartbeat {
  /** Binds the pings of this run together. */
  readonly runId: string
  /** Tells that the run ended, well or not, with the outcome's own words. Never throws. */
  end(outcome: Pick<Outcome, 'operation' | 'subject' | 'ok' | 'failure'>): Promise<void>
  /** Of the pings so far. */
  readonly warnings: readonly HeartbeatWarning[]
}

/**
 * Tells a dead-man's switch (healthchecks.io protocol) that a run begins. Never throws: a run must not fail because nobody
 * hears of it.
 *
 * @param url of the check, which is a secret: who has it can silence the switch.
 */
export async function beginHeartbeat(url: HeldSecret, limits: HeartbeatLimits = defaultLimits): Promise<Heartbeat> {
  const runId = randomUUID()
  const warnings: HeartbeatWarning[] = []
  const tell = async (ping: Ping, body: string): Promise<void> => {
    const warning = await sendPing(url.reveal(), ping, runId, body, limits)
    if (warning !== undefined) warnings.push(warning)
  }
  await tell('start', '')
  return { runId, warnings, end: (outcome) => tell(outcome.ok ? 'success' : 'fail', summaryOf(outcome)) }
}

/** For a run that nobody listens to, or whose switch cannot be reached at all. */
export function silentHeartbeat(warnings: readonly HeartbeatWarning[] = []): Heartbeat {
  return { runId: randomUUID(), warnings, end: async () => undefined }
}

function summaryOf({ operation, subject, ok, failure }: Pick<Outcome, 'operation' | 'subject' | 'ok' | 'failure'>): string {
  if (ok) return `${operation} ${subject}: well\n`
  return `${operation} ${subject}: ${failure?.kind ?? 'failed'}\n${failure?.message ?? ''}\n${failure?.hint ?? ''}\n`
}

async function sendPing(
  url: string,
  ping: Ping,
  runId: string,
  body: string,
  { attempts, attemptMs, waitMs }: HeartbeatLimits,
): Promise<HeartbeatWarning | undefined> {
  if (!URL.canParse(url)) return { message: 'The heartbeat has a secret that is no URL', hint: urlHint }
  const request = { url: pingUrl(url, ping, runId), body: fittingBody(redact(body, [url])), withinMs: attemptMs }
  let warning: HeartbeatWarning | undefined
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (attempt > 1) await pause(waitMs)
    const answer = await post(request).catch((thrown: unknown) => networkFailure(thrown, 'The heartbeat', 'heartbeat'))
    if (answer instanceof Error) warning = asWarning(ping, answer)
    else if (isTaken(answer)) return undefined
    else warning = refusal(ping, answer, url)
    const mayPass = answer instanceof Error ? answer.kind === 'transient' : answer.status === 429 || answer.status >= 500
    if (!mayPass) break
  }
  return warning
}

const urlHint = 'Copy the ping URL of the check once more into the secret.'

/** A server may also say with status 200 that it knows no such check: `OK (not found)`. */
function isTaken({ status, text }: PostAnswer): boolean {
  return status >= 200 && status < 300 && !/^OK \(/.test(text)
}

function refusal(ping: Ping, { status, text }: PostAnswer, url: string): HeartbeatWarning {
  const said = redact(text, [url, ...new URL(url).pathname.split('/')])
    .split(/[\r\n]/, 1)[0]
    ?.slice(0, 100)
  const message = `The heartbeat's ${ping} was answered with status ${status}: ${said}`
  if (status === 429 || /^OK \(rate limited\)/.test(text)) return { message, hint: tooOftenHint }
  return { message, hint: status >= 500 ? passingHint : urlHint }
}

const tooOftenHint = 'Let nothing else ping this check: each has a limit of pings a minute. The next run pings it again.'
const passingHint = 'Look at the status page of the service that is pinged; the next run pings it again.'

function asWarning(ping: Ping, { message, hint }: Failure): HeartbeatWarning {
  return { message: `${message}; its ${ping} is lost`, hint }
}
