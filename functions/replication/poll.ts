import type { Expected } from './expected.ts'
import type { Answer, ServerFacts } from './facts.ts'
import { gatherServers, type NodeConnection } from './gather.ts'
import { type Judged, judge } from './judge.ts'
import type { PollMemory } from './memory.ts'
import type { PauseNews } from './pause-news.ts'

/**
 * One poll: asks every node of the definition at the same time and judges what they say. Whether an alert is raised after one
 * bad poll or after several is not decided here.
 *
 * @param earlier what the poll before left, where the caller kept it. Without it everything that takes a second look over
 * more than a few seconds is judged as far as this one poll can see.
 * @param pauseNews what is known of a pause of replay, once the servers have answered.
 */
export async function pollReplication(
  expected: Expected,
  connections: readonly NodeConnection[],
  earlier: PollMemory | undefined,
  signal: AbortSignal,
  pauseNews: (answers: readonly Answer<ServerFacts>[]) => Promise<PauseNews> = () => Promise.resolve({ is: 'not asked' }),
): Promise<Judged> {
  const { nodes, limits } = expected
  const withDisk = new Set(nodes.filter(({ diskBytes }) => diskBytes !== undefined).map(({ name }) => name))
  const questions = (node: string) => ({ sizes: withDisk.has(node), watchSeconds: limits.maxLagTimeSeconds })
  const answers = await gatherServers(connections, questions, signal)
  return judge(expected, answers, earlier, Date.now(), await pauseNews(answers))
}
