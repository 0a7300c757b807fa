import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Failure } from '../../failure.ts'
import { networkFailure, tookTooLong } from '../../http/post.ts'
import { type Attempt, channelFailure, type Delivery } from './attempt.ts'

/** Settings of a client that makes one request, once: retries are the delivery's. */
export function awsClientSettings(region: string, withinMs: number) {
  return {
    region,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ connectionTimeout: withinMs, requestTimeout: withinMs, socketTimeout: withinMs }),
  }
}

/** Sends one request of a client, and closes it. */
export async function sendOnce(
  { channel, withinMs, signal }: Delivery,
  client: { destroy(): void },
  refusedHint: string,
  send: (abortSignal: AbortSignal) => Promise<unknown>,
): Promise<Attempt> {
  const deadline = AbortSignal.timeout(withinMs)
  try {
    await send(signal === undefined ? deadline : AbortSignal.any([deadline, signal]))
    return { delivered: true }
  } catch (thrown) {
    return { delivered: false, failure: awsFailure(deadline.aborted ? tookTooLong : thrown, channel, refusedHint) }
  } finally {
    client.destroy()
  }
}

function awsFailure(thrown: unknown, channel: string, refusedHint: string): Failure {
  const {
    name = '',
    message = '',
    $metadata,
  } = thrown as { name?: string; message?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return channelFailure(channel, 'found no AWS credentials', {
      ...{ kind: 'config', code: 'NoCredentials' },
      hint: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run where a role is attached.',
    })
  }
  if (status === undefined) return networkFailure(thrown, `The channel "${channel}"`, `channel ${channel}`)
  const said = `was refused by AWS: ${name}${message === '' ? '' : ` (${message.split('\n', 1)[0]?.slice(0, 200)})`}`
  const passing = status >= 500 || status === 429 || /Throttl|TooManyRequests|SlowDown/.test(name)
  if (!passing) return channelFailure(channel, said, { kind: 'permanent', code: name, hint: refusedHint })
  return channelFailure(channel, said, {
    kind: 'transient',
    code: name,
    hint: 'AWS had a bad moment or asks to send less; the next run tries again.',
  })
}
