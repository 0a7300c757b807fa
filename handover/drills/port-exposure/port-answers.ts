import type { ProbedAddress } from '../../sites/site.ts'

type Answer = 'open' | 'shut'

/** A port that was tried, what was to come of it, and what came. */
export interface PortAnswer extends Pick<ProbedAddress, 'speaker' | 'node' | 'address'> {
  port: number
  expected: Answer
  came: Answer
}

/**
 * Sets what came beside what was to come, for every port that was tried.
 *
 * @param answered the ports that were open.
 */
export function portAnswers(probed: ProbedAddress, answered: readonly number[]): PortAnswer[] {
  const { speaker, node, address, ports, open } = probed
  const among = (list: readonly number[], port: number): Answer => (list.includes(port) ? 'open' : 'shut')
  return ports.map((port) => ({ speaker, node, address, port, expected: among(open, port), came: among(answered, port) }))
}
