import { fileURLToPath } from 'node:url'

const config = fileURLToPath(new URL('../../config/index.ts', import.meta.url))

const usualNodes = `[{ name: 'app-1', role: 'docker', address: '10.0.0.10' }, { name: 'db-1', role: 'primary', address: '10.0.0.11' }]`

/** What a definition for `ballast run` says; everything is TypeScript source, except for the name. */
export interface RunDefinition {
  name?: string
  /** `nodes`; a Docker VM and a primary without it. */
  nodes?: string
  /** Objects of `databases`. */
  databases: readonly string[]
  /** Objects of `backup.stores`. */
  stores: readonly string[]
  /** Further fields of `backup`. */
  backup?: string
  /** Further fields of the cluster. */
  more?: string
}

/** A definition file whose databases and secrets are in the environment. */
export function runDefinition({
  name = 'shop',
  nodes = usualNodes,
  databases,
  stores,
  backup = '',
  more = '',
}: RunDefinition): string {
  return `import { defineCluster, env, file, secret } from '${config}'
export const kinds = [env, file, secret]
export default defineCluster({
  name: '${name}',
  region: 'us-east-1',
  nodes: ${nodes},
  databases: [${databases.join(', ')}],
  firewall: { admin: ['203.0.113.7/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32', '127.0.0.8/29'] },
  backup: { source: 'primary', stores: [${stores.join(', ')}], retention: { keep: { daily: 30 } }, ${backup} },
  ${more}
})
`
}

/** A store of a definition: a directory. */
export function directoryStore(name: string, directory: string): string {
  return `{ type: 'file', name: '${name}', directory: '${directory}' }`
}

/** A store of a definition: a prefix in the sandbox's bucket, with the credentials of the environment. */
export function bucketStore(name: string, { bucket, endpoint }: { bucket: string; endpoint: string }, prefix: string): string {
  return `{ type: 's3', name: '${name}', bucket: '${bucket}', prefix: '${prefix}', endpoint: '${endpoint}', provider: 'versitygw' }`
}
