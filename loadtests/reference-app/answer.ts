/** What a handler has to say. */
export interface Answer {
  status: number
  body: unknown
}

/** A request, as handlers see it. */
export interface Question {
  method: string
  url: URL
  /** The parsed JSON; undefined for a request without a body. */
  body: unknown
}

/** Undefined where the path is not the handler's. */
export type Handler = (question: Question) => Promise<Answer> | undefined

/** The caller's mistake. */
export class BadRequest extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/** The answer to a request that failed: the caller's mistake in words, the service's own without its inner workings. */
export function failedAnswer(error: unknown): Answer {
  if (error instanceof BadRequest) return { status: error.status, body: { error: error.message } }
  return { status: 503, body: { error: 'the service cannot answer now; ask again' } }
}
