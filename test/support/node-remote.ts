import type { Remote } from '../../handover/sites/ssh/remote.ts'
import type { DatabaseNode } from './database-node.ts'

/** The machine as {@link Remote} has it, with a namespace in the place of SSH. */
export function nodeRemote({ node, run }: DatabaseNode): Remote {
  return {
    node,
    run: async (words, { input, withinSeconds = 60 } = {}) => {
      const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      const { code, stdout, stderr } = await run('env', [path, 'timeout', String(withinSeconds), ...words], input)
      if (code !== 0) throw new Error(`exit ${code} of ${words.join(' ')}: ${stdout}${stderr}`)
      return stdout
    },
    close: () => Promise.resolve(),
  }
}
