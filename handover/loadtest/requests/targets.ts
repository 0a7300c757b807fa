import { connect } from 'node:net'
import type { Cluster } from '../../../config/cluster.ts'
import { Failure } from '../../../functions/platform/failure.ts'
import type { Target } from '../../../loadtests/plan.ts'

const answerWithinMs = 5_000
const firstServerError = 500
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** The targets of a definition. @throws Failure of kind `config` where it has none that takes requests. */
export function definedTargets({ loadtests: { targets } }: Pick<Cluster, 'loadtests'>): Target[] {
  const all = Object.entries(targets).map(([name, url]) => ({ name, url }))
  if (all.some(({ url }) => url.startsWith('http'))) return all
  throw new Failure('the definition names no service that load could go to', {
    ...{ kind: 'config', subject: 'loadtests.targets', code: 'NO_TARGETS' },
    hint: "Add one, such as { entries: 'https://app.example.com/entries' }, or try this out with --sandbox.",
  })
}

/** Load goes to this machine, and to hosts that the definition names. @throws Failure of kind `config` for any other. */
export function refuseForeignTargets(
  targets: readonly Target[],
  { loadtests, nodes }: Pick<Cluster, 'loadtests' | 'nodes'>,
): void {
  const named = new Set([
    ...Object.values(loadtests.targets).map((url) => new URL(url).hostname),
    ...nodes.flatMap(({ address, publicAddress, hostName }) => [address, publicAddress, hostName].filter(Boolean)),
  ])
  for (const { name, url } of targets) {
    const host = new URL(url).hostname
    if (loopback.test(host) || named.has(host.replace(/^\[|\]$/g, '')) || named.has(host)) continue
    throw new Failure(`${host} is neither this machine nor a host of the definition, so no load goes there`, {
      ...{ kind: 'config', subject: `target ${name}`, code: 'FOREIGN_TARGET' },
      hint: 'Name it in loadtests.targets of the definition, if it is yours to load.',
    })
  }
}

/** Asks each target once. @throws Failure for the first that nobody answers at, or that answers with an error of its own. */
export async function reachTargets(targets: readonly Target[], signal: AbortSignal): Promise<void> {
  for (const target of targets) {
    const problem = await targetProblem(target, signal, firstServerError)
    if (problem === undefined) continue
    throw new Failure(problem, {
      ...{ kind: 'transient', subject: `target ${target.name}`, code: 'UNREACHABLE' },
      hint: 'Start the service, or correct its URL in loadtests.targets; it must be reachable from this machine.',
    })
  }
}

/**
 * Asks a target once: what is wrong with it; undefined where nothing is.
 *
 * @param firstWrong the lowest status that is wrong.
 * @throws what the signal was aborted with.
 */
export async function targetProblem(target: Target, signal: AbortSignal, firstWrong: number): Promise<string | undefined> {
  const problem = await problemOf(target, AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]), firstWrong)
  signal.throwIfAborted()
  return problem === undefined ? undefined : `${target.url} ${problem}`
}

async function problemOf({ url }: Target, signal: AbortSignal, firstWrong: number): Promise<string | undefined> {
  try {
    if (!url.startsWith('http')) return await connectTo(new URL(url), signal)
    const answer = await fetch(url, { signal, redirect: 'manual' })
    await answer.body?.cancel()
    return answer.status >= firstWrong ? `answers with status ${answer.status}` : undefined
  } catch (error) {
    if (signal.aborted) return `did not answer within ${answerWithinMs / 1000} s`
    const { message, cause } = error as Error
    return `cannot be reached: ${cause instanceof Error ? cause.message : message}`
  }
}

/** A websocket's server need not answer a plain request: that it takes connections must do. */
function connectTo({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<undefined> {
  const host = hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: Number(port) || (protocol === 'wss:' ? 443 : 80), signal })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
  })
}
