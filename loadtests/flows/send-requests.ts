import { check } from 'k6'
import http, { type RefinedParams, type RefinedResponse } from 'k6/http'
import type { PlannedRequest, Target } from '../plan.ts'
import { requestTimeoutSeconds } from '../request-timeout.ts'
import { judgedAnswers, lostRequests } from './measures.ts'

/** k6's numbers of errors before there is an answer: of names, connections, TLS, timeouts; HTTP's own statuses come after. */
const firstHttpError = 1400

const getIt: PlannedRequest = { method: 'GET', path: '' }

/** Sends the target's next request, and looks at the answer. */
export function sendNextRequest({ url, requests = [getIt] }: Target, iteration: number): void {
  const request = requests[iteration % requests.length] ?? getIt
  const answer = http.request(request.method, `${url}${request.path}`, request.body ?? null, paramsOf(request))
  const lost = isLost(answer)
  lostRequests.add(lost)
  if (lost) return
  check(answer, { 'answer is right': () => isRight(answer, request) })
  judgedAnswers.add(1)
}

/** Whether no answer came. */
export function isLost({ error_code }: RefinedResponse<'text'>): boolean {
  return error_code !== 0 && error_code < firstHttpError
}

function paramsOf({ body, status }: PlannedRequest): RefinedParams<'text'> {
  const expected = status === undefined ? http.expectedStatuses({ min: 200, max: 399 }) : http.expectedStatuses(status)
  return {
    ...{ timeout: `${requestTimeoutSeconds}s`, responseType: 'text', responseCallback: expected },
    ...(body === undefined ? {} : { headers: { 'Content-Type': 'application/json' } }),
  }
}

function isRight(answer: RefinedResponse<'text'>, { status, contains }: PlannedRequest): boolean {
  const isExpected = status === undefined ? answer.status >= 200 && answer.status < 400 : answer.status === status
  return isExpected && (contains === undefined || answer.body.includes(contains))
}
