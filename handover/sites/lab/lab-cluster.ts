import { join } from 'node:path'
import type { Cluster, Database, Node } from '../../../config/index.ts'
import type { Relay } from './relay.ts'

/** What of a definition is another way in the lab. */
export interface LabFacts {
  /** Names of the nodes that run. */
  running: readonly string[]
  /** All certificates of the machines, in one file. */
  rootCertificate: string
  /** Takes a directory for each store. */
  directory: string
  relay: Pick<Relay, 'portTo'>
}

/** The variable that the password of a role is in. */
export function passwordVariable(role: string): string {
  return `BALLAST_LAB_PASSWORD_${role.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`
}

/**
 * A definition as operations on this host are to see it: the machines that run, reached through the relay and with the lab's
 * passwords and certificates; a directory in place of each store, for the lab's network leads nowhere.
 */
export function labCluster(definition: Cluster, facts: LabFacts): Cluster {
  const { accounts, backup, postgres } = definition
  const nodes = definition.nodes
    .filter(({ name }) => facts.running.includes(name))
    .map(({ hostName: _unknownHere, ...node }) => ({ ...node, hostName: undefined }))
  const account = <Account extends { user: string }>(one: Account) => ({
    ...one,
    password: { env: passwordVariable(one.user) },
  })
  const stores = backup.stores.map(({ name }) => {
    const directory = join(facts.directory, `store-${name}`)
    return { type: 'file' as const, name, directory, ageRecipients: [], encryption: undefined, objectLock: undefined }
  })
  return {
    ...definition,
    nodes,
    accounts: {
      backup: account(accounts.backup),
      monitor: account(accounts.monitor),
      replication: account(accounts.replication),
    },
    postgres: { ...postgres, tls: { ...postgres.tls, mode: 'verify-ca', rootCertificate: facts.rootCertificate } },
    databases: definition.databases.map((database) => ({
      ...database,
      connection: connectionOf(definition, nodes, database, facts),
    })),
    backup: { ...backup, stores, pitr: undefined },
  }
}

function connectionOf(
  { accounts, backup, postgres }: Cluster,
  nodes: readonly Node[],
  { name }: Database,
  { relay, rootCertificate }: LabFacts,
): Database['connection'] {
  const role = backup.source === 'standby' ? 'replica' : 'primary'
  const hosts = nodes
    .filter((node) => node.role === role)
    .map(({ address }) => {
      return { host: '127.0.0.1', port: relay.portTo({ address, port: postgres.port }) }
    })
  return {
    ...{ type: 'parts', hosts, database: name, user: accounts.backup.user, targetSessionAttrs: backup.source },
    ...{ password: { env: passwordVariable(accounts.backup.user) }, sslmode: 'verify-ca', sslrootcert: rootCertificate },
  }
}
