import type { S3Operation, SeenRequest } from './s3-operation.ts'

/** What goes wrong with one request. */
export type Fault =
  /** An error answer; the server never sees the request. */
  | { type: 'refuse'; status: number; code: string }
  /** The connection is reset: before the body was read, after it, or after the server has done the work. */
  | { type: 'reset'; when: 'before body' | 'after body' | 'after work' }
  /** The connection is reset after this many bytes of the request's body. */
  | { type: 'reset in body'; bytes: number }
  /** No answer, ever; the server never sees the request. */
  | { type: 'stall' }
  /** This many bytes of the answer's body, then a reset. */
  | { type: 'truncate'; bytes: number }
  /** This many bytes of the answer's body, then silence. */
  | { type: 'stall in answer'; bytes: number }
  /** One byte of the answer's body is flipped. */
  | { type: 'corrupt answer'; at: number }
  /** One byte of the request's body is flipped before the server sees it. */
  | { type: 'corrupt request'; at: number }
  /** Status 200, with this body; the server does not see the request unless `work` says so. */
  | { type: 'answer 200'; body: string; work?: boolean }
  /** A header of the server's answer is replaced, or left out. */
  | { type: 'header'; name: string; value?: string }
  /** Whatever runs before the request is passed on: for what happens at exactly this moment. */
  | { type: 'meanwhile'; run: () => Promise<void> }

/** A fault with the requests that it befalls. */
export interface FaultRule {
  operation: S3Operation
  /** Part of the key; any without it. */
  key?: string
  /** Matching requests that pass first; 0 without it. */
  after?: number
  /** Matching requests that are hit; 1 without it. */
  times?: number
  fault: Fault
}

/** Keeps the rules and their counts. */
export class FaultPlan {
  #rules: { rule: FaultRule; seen: number }[] = []

  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 })
  }

  clear(): void {
    this.#rules = []
  }

  /** The fault of the first rule that befalls this request. */
  next(request: SeenRequest): Fault | undefined {
    let hit: Fault | undefined
    for (const entry of this.#rules) {
      const { operation, key = '', after = 0, times = 1, fault } = entry.rule
      if (operation !== request.operation || !request.key.includes(key)) continue
      entry.seen += 1
      if (entry.seen > after && entry.seen <= after + times) hit ??= fault
    }
    return hit
  }
}

/** The body that S3 gives to an error. */
export function errorBody(code: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Injected ${code}</Message></Error>`
}
