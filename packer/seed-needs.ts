import type { Cluster, Node, SecretRef } from '../config/index.ts'
import { stacksOf } from './docker/stacks.ts'
import { stackSecrets } from './docker-environment.ts'
import { isDatabase } from './roles.ts'

/** A file below /etc/ballast/secrets that a node's seed brings, and what it is made of. */
export interface SeedNeed {
  file: string
  /**
   * The secret as it is; what PostgreSQL stores of a password, so that the password itself stays away; or the variables of a
   * stack.
   */
  form: 'plain' | 'verifier' | 'environment'
  /** One, but for an environment, where each is a variable. */
  secrets: readonly { name: string; ref: SecretRef }[]
}

/**
 * The secrets of a node, in the order of the files.
 *
 * @param passwords of further roles, by name: owners of databases, of which the definition says none.
 */
export function seedNeeds(cluster: Cluster, node: Node, passwords: ReadonlyMap<string, SecretRef>): readonly SeedNeed[] {
  if (!isDatabase(node.role)) return stackNeeds(cluster)
  return [
    // Every node may have to follow another one some day.
    ...need('replication-password', 'plain', cluster.accounts.replication.password),
    ...certificate(cluster),
    ...repositoryKeys(cluster),
    // A replica has the roles of its primary.
    ...(node.role === 'primary' ? verifiers(cluster, passwords) : []),
  ]
}

/** Roles that log in with passwords which the definition does not know: those that own the databases. */
export function rolesWithoutPassword({ databases, accounts }: Cluster): readonly string[] {
  const known = Object.values(accounts).map(({ user }) => user)
  return [...new Set(databases.map(({ owner }) => owner))].filter((owner) => !known.includes(owner))
}

function stackNeeds(cluster: Cluster): SeedNeed[] {
  return stacksOf(cluster).flatMap((stack) => {
    const secrets = stackSecrets(cluster, stack)
    return secrets.length === 0 ? [] : [{ file: `${stack}.env`, form: 'environment', secrets }]
  })
}

function verifiers({ accounts }: Cluster, passwords: ReadonlyMap<string, SecretRef>): SeedNeed[] {
  const known = Object.values(accounts).map(({ user, password }) => [user, password] as const)
  return [...new Map([...known, ...passwords])].flatMap(([role, ref]) => need(`${role}.verifier`, 'verifier', ref))
}

function certificate({ postgres: { tls } }: Cluster): SeedNeed[] {
  if (tls.certificate === undefined) return []
  return [...need('server.crt', 'plain', { file: tls.certificate }), ...need('server.key', 'plain', tls.key)]
}

function repositoryKeys({ backup: { pitr, stores } }: Cluster): SeedNeed[] {
  const store = stores.find(({ name }) => name === pitr?.store)
  if (store?.type !== 's3') return []
  const { accessKeyId, secretAccessKey } = store.credentials
  return [...need('repository-key', 'plain', accessKeyId), ...need('repository-key-secret', 'plain', secretAccessKey)]
}

function need(file: string, form: SeedNeed['form'], ref: SecretRef | undefined): SeedNeed[] {
  return ref === undefined ? [] : [{ file, form, secrets: [{ name: file, ref }] }]
}
