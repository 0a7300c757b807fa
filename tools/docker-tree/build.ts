import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { run } from '../../functions/platform/process/run.ts'
import { recipe, sources, treeDirectory } from './find.ts'

const buildWithinMs = 20 * 60_000

/**
 * Makes the tree of a docker node's packages in the user's cache: Debian 13, whatever this machine runs. Needs root. Two builds
 * at the same time both end well: the finished tree is moved into place in one step.
 */
export async function buildDockerTree(env: NodeJS.ProcessEnv): Promise<void> {
  const directory = treeDirectory(env)
  const unfinished = `${directory}.${process.pid}`
  await mkdir(dirname(directory), { recursive: true })
  try {
    await run({
      command: 'mmdebstrap',
      args: [...recipe, unfinished, ...sources],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...proxies(env) },
      timeoutMs: buildWithinMs,
    })
    await rename(unfinished, directory).catch((error: unknown) => {
      if (!existsSync(directory)) throw error
    })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

function proxies(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy']
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])))
}
