import { join } from 'node:path'
import { administrator } from '../../../config/administrator.ts'
import type { Cluster, Node } from '../../../config/index.ts'
import { toFailure } from '../../../functions/platform/failure.ts'
import { run } from '../../../functions/platform/process/run.ts'
import { remoteLine } from '../../../functions/platform/qemu/ssh-args.ts'
import { type SshAccess, sshArgs } from './ssh-args.ts'
import { remoteFailure } from './ssh-failure.ts'

/** A machine of the cluster, on which programs run as root. */
export interface Remote {
  readonly node: Node
  /**
   * Runs a program, and returns what it wrote to its standard output. The words reach it as they are.
   *
   * @throws Failure unless it ends with 0 in time; it is ended on the machine as well.
   */
  run(words: readonly [string, ...string[]], options?: RemoteOptions): Promise<string>
  /** Ends the connection. Idempotent. */
  close(): Promise<void>
}

export interface RemoteOptions {
  /** What the program reads; an empty input where it is left out. */
  input?: string
  /** One minute where it is left out. */
  withinSeconds?: number
  signal?: AbortSignal | undefined
}

const usualSeconds = 60
/** After the end on the machine, what still comes over the network. */
const networkSeconds = 45

/** The machine of a node; nothing is asked of it yet. */
export function remoteOf(node: Node, { firewall, nodes }: Cluster, access: SshAccess): Remote {
  const host = node.hostName ?? node.address
  const socket = join(access.directory, String(nodes.indexOf(node)))
  const args = sshArgs({ host, port: firewall.sshPort, socket, ...access })
  const login = `${administrator}@${host}`
  const { env, inside = (command, words) => ({ command, args: [...words] }) } = access
  return {
    node,
    run: async (words, { input, withinSeconds = usualSeconds, signal } = {}) => {
      const bounded = ['timeout', '--kill-after=10', String(withinSeconds), ...words]
      const spec = {
        ...inside('ssh', [...args, remoteLine(administrator, bounded)]),
        ...{ env, timeoutMs: (withinSeconds + networkSeconds) * 1000, ...(signal && { signal }) },
      }
      try {
        return (await run(input === undefined ? spec : { ...spec, input: Buffer.from(input) })).stdout
      } catch (error) {
        throw remoteFailure(toFailure(error, node.name), { node: node.name, login, program: words[0] })
      }
    },
    close: async () => {
      // Where there is no connection any more, there is nothing to end.
      await run({ ...inside('ssh', ['-O', 'exit', ...args]), env, timeoutMs: 10_000 }).catch(() => undefined)
    },
  }
}
