import { homedir } from 'node:os'
import { join } from 'node:path'

/** Ballast's own part of the user's cache; everything in it can be made again. */
export function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'ballast')
}
