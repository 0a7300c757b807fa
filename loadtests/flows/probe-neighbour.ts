import http from 'k6/http'
import type { Target } from '../plan.ts'
import { neighbourAnswers, neighbourDown } from './measures.ts'
import { isLost } from './send-requests.ts'

const timeout = '2s'
/** A proxy before a service that is down answers with one of these. */
const firstServerError = 500

/** Asks whether anybody is there. */
export function probe({ url }: Target): void {
  const answer = http.get(url, { timeout, responseType: 'text' })
  if (isLost(answer) || answer.status >= firstServerError) neighbourDown.add(1)
  else neighbourAnswers.add(1)
}
