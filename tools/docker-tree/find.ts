import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cacheDirectory } from '../../functions/platform/cache-directory.ts'

/** Packages of a docker node beyond Debian's smallest system: what its image has, but for what only a booted machine needs. */
export const packages: readonly string[] = [
  ...['docker.io', 'docker-cli', 'docker-compose', 'nftables', 'systemd'],
  // What the tests make their images of, and look at networks with.
  ...['busybox-static', 'redis-server', 'iproute2'],
]

/** Arguments of mmdebstrap beside the directory: nobody reads documentation in a test. */
export const recipe: readonly string[] = [
  ...['--quiet', '--mode=root', '--variant=minbase', '--format=directory'],
  ...['man', 'locale', 'doc', 'info'].map((kind) => `--dpkgopt=path-exclude=/usr/share/${kind}/*`),
  '--aptopt=Acquire::Languages "none"',
  `--include=${packages.join(',')}`,
  'trixie',
]

export const sources: readonly string[] = [
  'deb http://deb.debian.org/debian trixie main',
  'deb http://deb.debian.org/debian trixie-updates main',
  'deb http://deb.debian.org/debian-security trixie-security main',
]

/** Where the tree is or would be made: in the user's cache, under the hash of all that it is made from. */
export function treeDirectory(env: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256').update(JSON.stringify([recipe, sources]))
  return join(cacheDirectory(env), 'tools', hash.digest('hex').slice(0, 16), 'docker-tree')
}

/** The tree of a docker node's packages; undefined where it has not been made. */
export function findDockerTree(env: NodeJS.ProcessEnv): string | undefined {
  const directory = treeDirectory(env)
  return existsSync(directory) ? directory : undefined
}
