import { requestTimeoutSeconds } from './request-timeout.ts'
import type { Part } from './scenarios/part.ts'
import { peakOf } from './shape.ts'

/** One virtual user holds so many websockets: it waits for events, and need not have one each. */
export const socketsPerUser = 20

/**
 * Virtual users of each part, all there from the start: k6 drops iterations while it makes more. A rate gets as many as it
 * needs while every request waits for its timeout, or its fair share of what the limit leaves.
 *
 * @throws Error where the limit is too low for the plan.
 */
export function virtualUsersOf(parts: readonly Part[], limit: number): number[] {
  const wanted = parts.map(wantedUsers)
  const isRate = parts.map(({ load }) => load.kind === 'rate')
  const sum = (which: boolean) => wanted.reduce((total, users, index) => (isRate[index] === which ? total + users : total), 0)
  const [fixed, flexible] = [sum(false), sum(true)]
  const rates = isRate.filter(Boolean).length
  if (limit < fixed + rates) {
    throw new Error(`limits.virtualUsers is ${limit}, and these scenarios need ${fixed + rates} at the least`)
  }
  const share = flexible === 0 ? 1 : Math.min(1, (limit - fixed - rates) / flexible)
  return wanted.map((users, index) => (isRate[index] ? Math.min(users, 1 + Math.floor(users * share)) : users))
}

function wantedUsers({ load }: Part): number {
  switch (load.kind) {
    case 'rate':
      return Math.ceil(peakOf(load.shape) * load.share * requestTimeoutSeconds)
    case 'clients':
      return load.clients
    case 'sockets':
      return Math.ceil(load.sockets / socketsPerUser)
  }
}
