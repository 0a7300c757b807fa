import type { Cluster } from '../../../config/index.ts'
import { Failure, toFailure } from '../../../functions/platform/failure.ts'
import { factsScript, parseFacts, programsOf } from './node-facts.ts'
import { nodeProblems } from './node-problems.ts'
import type { Remote } from './remote.ts'

/**
 * Asks every machine whether it is the node that it is taken for, and lets itself be acted on; changes nothing.
 *
 * @throws Failure that names every machine of which that is not so, with what to do about each.
 */
export async function requireNodes(
  cluster: Cluster,
  remotes: readonly Remote[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await Promise.all(
    remotes.map(async (remote) => ({ remote, problems: await problemsOf(cluster, remote, signal) })),
  )
  const bad = found.filter(({ problems }) => problems.length > 0)
  if (bad.length === 0) return
  const lines = bad.flatMap(({ remote, problems }) =>
    problems.map(({ message, hint }) => `${remote.node.name}: ${message} ${hint}`),
  )
  throw new Failure(
    `${bad.length} of ${remotes.length} machines cannot be rehearsed on, and nothing was changed:\n${lines.join('\n')}`,
    {
      ...{ kind: 'config', subject: bad.map(({ remote }) => remote.node.name).join(', ') },
      hint: 'Do what is said of each machine above, and run this again.',
    },
  )
}

async function problemsOf(cluster: Cluster, remote: Remote, signal: AbortSignal | undefined) {
  const { node, run } = remote
  const sentMs = Date.now()
  try {
    const text = await run(['bash', '-s', '--', ...programsOf(node.role)], { input: factsScript, signal })
    const problems = nodeProblems(cluster, node, parseFacts(text), { sentMs, gotMs: Date.now() })
    return problems.map(({ what, hint }) => ({ message: `it ${what}.`, hint }))
  } catch (error) {
    if (signal?.aborted) throw error
    const { kind, message, hint } = toFailure(error, node.name)
    if (kind === 'bug') throw error
    return [{ message: `${message}.`, hint }]
  }
}
