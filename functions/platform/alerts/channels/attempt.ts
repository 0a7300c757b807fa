import { Failure, type FailureKind } from '../../failure.ts'
import type { PostAnswer } from '../../http/post.ts'
import { redact } from '../../secrets/held-secret.ts'
import type { AlertMessage } from '../compose.ts'

/** How one attempt to deliver ended. */
export type Attempt =
  | { delivered: true /** What is worth knowing all the same. */; note?: string }
  | { delivered: false; failure: Failure; retryAfterSeconds?: number }

/** What a channel is given to deliver. */
export interface Delivery {
  /** Name of the channel. */
  channel: string
  message: AlertMessage
  /** The same for every attempt at one message, so that a receiver can tell repetitions. */
  id: string
  /** Limit for one attempt, in milliseconds. */
  withinMs: number
  signal?: AbortSignal | undefined
}

/** The Failure of a channel; `said` is how its sentence goes on. No cause is kept: errors of clients hold URLs and keys. */
export function channelFailure(
  channel: string,
  said: string,
  details: { kind: FailureKind; hint: string; code?: string },
): Failure {
  return new Failure(`The channel "${channel}" ${said}`, { subject: `channel ${channel}`, ...details })
}

/**
 * What an answer means: 2xx took the message, 429 and 5xx may take it later, everything else refuses it.
 *
 * @param refusedHint what to do when the receiver refuses for good.
 * @param secrets must not be in its answer's text, of which the start is shown.
 */
export function judgeAnswer(
  { status, text, retryAfterSeconds }: PostAnswer,
  { channel, refusedHint, secrets }: { channel: string; refusedHint: string; secrets: readonly string[] },
): Attempt {
  if (status >= 200 && status < 300) return { delivered: true }
  const firstLine = redact(text, secrets)
    .trim()
    .split(/[\r\n]/, 1)[0]
    ?.slice(0, 200)
  const said = `answered with status ${status}${firstLine ? `: ${firstLine}` : ''}`
  const code = `Http${status}`
  if (status !== 429 && status < 500) {
    return { delivered: false, failure: channelFailure(channel, said, { kind: 'permanent', hint: refusedHint, code }) }
  }
  const hint =
    status === 429
      ? 'The receiver asks to send less: let fewer alerts go there, or raise its limit.'
      : 'The receiver has a fault of its own: look at its status page or log. The next run tries again.'
  return {
    delivered: false,
    failure: channelFailure(channel, said, { kind: 'transient', hint, code }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}
