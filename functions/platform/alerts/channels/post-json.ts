import { networkFailure, post } from '../../http/post.ts'
import { type Attempt, type Delivery, judgeAnswer } from './attempt.ts'

/** Where a JSON body goes, and what must not be said about it. */
export interface JsonPost {
  url: string
  body: string
  headers?: Readonly<Record<string, string>>
  refusedHint: string
  secrets: readonly string[]
}

/** One attempt to post JSON for a channel. */
export async function postJson(
  { channel, withinMs, signal }: Delivery,
  { url, body, headers, ...judging }: JsonPost,
): Promise<Attempt> {
  try {
    const answer = await post({ url, body, headers: { 'content-type': 'application/json', ...headers }, withinMs, signal })
    return judgeAnswer(answer, { channel, ...judging })
  } catch (thrown) {
    return { delivered: false, failure: networkFailure(thrown, `The channel "${channel}"`, `channel ${channel}`) }
  }
}
