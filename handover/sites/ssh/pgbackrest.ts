import type { Remote } from './remote.ts'

/** A restore or a backup of a large cluster; the drill's own limit ends it before. */
const withinSeconds = 12 * 3600

/** Runs pgBackRest on a machine as PostgreSQL's user; its stanza is the cluster's name. */
export async function runPgbackrest(
  { run }: Remote,
  cluster: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const words = ['runuser', '-u', 'postgres', '--', 'pgbackrest', `--stanza=${cluster}`, ...args] as const
  return await run(words, { withinSeconds, signal })
}
