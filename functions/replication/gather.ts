import { throwIfAborted } from '../platform/abort.ts'
import { Failure, toFailure } from '../platform/failure.ts'
import { openSession } from '../platform/postgres/session.ts'
import type { ConnectionSettings } from '../platform/postgres/settings.ts'
import type { Answer, ServerFacts } from './facts.ts'
import { longestWatchSeconds, readServer, type ServerQuestions } from './read-server.ts'

/** A node and how to reach it. */
export interface NodeConnection {
  node: string
  settings: ConnectionSettings
}

export const applicationName = 'ballast monitor'
const connectWithinSeconds = 5
const answerWithinSeconds = 7
/** Given at log-in, not by SET, which would outlive the session wherever a pooler is in between by mistake. */
const sessionOptions = '-c search_path=pg_catalog -c statement_timeout=3000 -c default_transaction_read_only=on'

/** Asks all servers at the same time, over one short session each. A server that does not answer is an answer too. */
export function gatherServers(
  connections: readonly NodeConnection[],
  questions: (node: string) => ServerQuestions,
  signal: AbortSignal,
): Promise<Answer<ServerFacts>[]> {
  const withinSeconds = answerWithinSeconds + longestWatchSeconds
  return Promise.all(
    connections.map(({ node, settings }) => {
      const options = [settings.options, sessionOptions].filter(Boolean).join(' ')
      return answerOf({ node, settings: { ...settings, options } }, withinSeconds, signal, async (bounded, end) => {
        const session = await openSession(bounded, { applicationName, signal: end })
        try {
          return await readServer(session, questions(node), end)
        } finally {
          await session.close()
        }
      })
    }),
  )
}

/**
 * What a node answers within a time, or why it does not.
 *
 * @param ask gets the settings with a limit for the log-in, and a signal that fires when the time is over.
 * @throws Failure when the outer signal fires, or of kind `bug`: neither says anything about the node.
 */
export async function answerOf<Facts>(
  { node, settings }: NodeConnection,
  withinSeconds: number,
  signal: AbortSignal,
  ask: (settings: ConnectionSettings, signal: AbortSignal) => Promise<Facts>,
): Promise<Answer<Facts>> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(noAnswer(node, withinSeconds)), withinSeconds * 1000)
  const { connectTimeoutSeconds: given } = settings
  const connectTimeoutSeconds = given === 0 ? connectWithinSeconds : Math.min(given, connectWithinSeconds)
  try {
    const end = AbortSignal.any([signal, late.signal])
    return { node, facts: await ask({ ...settings, connectTimeoutSeconds }, end) }
  } catch (error) {
    throwIfAborted(signal, node)
    const { kind, message, hint } = toFailure(late.signal.aborted ? late.signal.reason : error, node)
    if (kind === 'bug') throw error
    return { node, problem: { message, hint } }
  } finally {
    clearTimeout(timer)
  }
}

function noAnswer(node: string, seconds: number): Failure {
  return new Failure(`no answer within ${seconds} s`, {
    kind: 'transient',
    subject: node,
    hint: 'Look at the machine: it takes connections and does not answer them (load, disk, memory, a stopped process).',
    code: 'ETIMEDOUT',
  })
}
