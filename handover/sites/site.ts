import type { Cluster } from '../../config/cluster.ts'
import type { Speaker } from '../../functions/images/lab/addresses.ts'
import type { ListeningSocket } from '../../functions/images/lab/listening-sockets.ts'
import type { StoreSettings } from '../../functions/platform/object-store/settings.ts'
import type { ConnectionSettings } from '../../functions/platform/postgres/settings.ts'
import type { NodeConnection } from '../../functions/replication/gather.ts'
import type { Target } from '../../loadtests/plan.ts'

/** A machine with PostgreSQL, under its name in the definition, and the role that the definition gives it. */
export interface SiteNode {
  name: string
  role: 'primary' | 'replica'
}

/** Where the application connects to, and how that is protected. */
export type Endpoint = { host: string; port: number } & Pick<ConnectionSettings, 'sslmode' | 'sslrootcert'>

/** The ports that may be tried at one address, and what is to come of it. */
export interface ProbedAddress {
  node: string
  address: string
  /** Who tries: a group of the definition's `firewall`, or somebody whom it does not name. */
  speaker: Speaker
  /** Every port that is tried, in order. */
  ports: readonly number[]
  /** Those of them that must answer; all others must not. */
  open: readonly number[]
}

/** The store that backups go to. A site that can take it away can give it back as well. */
export interface SiteStore {
  settings: StoreSettings
  /** Takes it away: whoever asks it gets no answer, or a refusal. Repeated calls change nothing. */
  cut?(signal: AbortSignal): Promise<void>
  /** Gives it back, and resolves when it answers. Repeated calls change nothing. */
  reconnect?(signal: AbortSignal): Promise<void>
}

/** A store that can be taken away from here. */
export type RemovableStore = Required<SiteStore>

/** Room on the disk that a node's database lies on. */
export interface SiteDisk {
  /** Bytes, as its file system tells them. */
  room(node: string, signal: AbortSignal): Promise<{ total: number; free: number }>
  /** Fills it with a file until so many bytes are left free. */
  fillTo(node: string, freeBytes: number, signal: AbortSignal): Promise<void>
  /** Removes that file. Repeated calls change nothing. */
  clear(node: string, signal: AbortSignal): Promise<void>
}

/** What users of the database send their requests to. */
export interface SiteApplication {
  targets: readonly Target[]
  /** Ends what was started for it. Repeated calls change nothing. */
  stop(): Promise<void>
}

/** A server over files that were restored beside those of a node. */
export interface RecoveredServer {
  /** As {@link Site.sql}. */
  sql(script: string, options?: { database?: string; signal?: AbortSignal }): Promise<string>
  /** Ends it and removes its files. Repeated calls change nothing. */
  stop(): Promise<void>
}

/**
 * What drills act on: a sandbox, guests of baked images, or the machines of a definition. Nodes are called as the definition
 * calls them. Every method throws a Failure that names the node, and resolves only when what it is to do is done.
 *
 * What not every site can is optional; a drill that needs it is skipped there, with the reason.
 */
export interface Site {
  readonly on: 'sandbox' | 'images' | 'cluster'
  /** The definition as it was given: its hash stands in the records. */
  readonly definition: Cluster
  /** What operations work with here: the definition, with this site's stores and connections where they differ. */
  readonly cluster: Cluster
  /** What the secrets and stores of {@link cluster} are looked up in. */
  readonly env: NodeJS.ProcessEnv
  /** The primary first. */
  readonly nodes: readonly [SiteNode, ...SiteNode[]]

  /** Runs a script as the superuser, stopping at its first error; returns its rows by lines, columns parted by a bar. */
  sql(node: string, script: string, options?: { database?: string; signal?: AbortSignal }): Promise<string>
  /** The way of the application to a node. Ask again after a promotion. */
  reach(node: string, through: 'pooler' | 'direct'): Promise<Endpoint>
  /** How the monitor reaches the servers of all nodes, or their poolers. */
  monitors(part: 'server' | 'pooler'): Promise<NodeConnection[]>

  /** Takes a node's servers away at once, as a power cut does: nothing is flushed or said. Repeated calls change nothing. */
  cutPower(node: string, signal: AbortSignal): Promise<void>
  /** Ends a node's PostgreSQL in order: its replicas have all that it wrote. Repeated calls change nothing. */
  stop(node: string, signal: AbortSignal): Promise<void>
  /** Starts a node in the role that its files give it, and resolves when it answers. Repeated calls change nothing. */
  start(node: string, signal: AbortSignal): Promise<void>
  /** Makes a replica the primary, and leads the application there where the site does that itself. */
  promote(node: string, signal: AbortSignal): Promise<void>
  /** Makes a node, whether it runs or not, a replica of that primary; what it alone has is undone. Resolves when it streams. */
  rejoin(node: string, primary: string, signal: AbortSignal): Promise<void>
  /** Cuts a replica off from its primary; it goes on answering. Repeated calls change nothing. */
  cutReplica(node: string, signal: AbortSignal): Promise<void>
  /** Undoes {@link cutReplica}, and resolves when it streams again. Repeated calls change nothing. */
  reconnectReplica(node: string, signal: AbortSignal): Promise<void>

  readonly store?: SiteStore
  readonly disk?: SiteDisk
  /** Runs pgBackRest on a node, with the stanza of its configuration; returns what it wrote. */
  pgbackrest?(node: string, args: readonly string[], signal: AbortSignal): Promise<string>
  /**
   * Restores by pgBackRest what a node held at a moment, into a directory beside its own files, and starts a server over it
   * that nobody else reaches and that archives nothing; resolves when it has recovered.
   *
   * @param moment as PostgreSQL writes a timestamptz.
   */
  recoverTo?(node: string, moment: string, signal: AbortSignal): Promise<RecoveredServer>
  /** What may be tried, and what is to answer. */
  ports?(): Promise<ProbedAddress[]>
  /** Tries the ports of an address by TCP; returns those that answered. Where it is left out, this process can do so itself. */
  tryPorts?(probed: ProbedAddress, signal: AbortSignal): Promise<number[]>
  /** What listens on a node, loopback included; of a sandbox, which has no machines of its own, all of it. */
  listening?(node: string, signal: AbortSignal): Promise<ListeningSocket[]>
  /**
   * The application. Where the site has none but can start one, that one is led to a new primary as those are that go through
   * the pooler.
   *
   * @param databaseUrl what one that is started works with: through the pooler, as a login that may make tables.
   */
  application?(databaseUrl: string, signal: AbortSignal): Promise<SiteApplication>
  /** Gives a login role of the definition another password, in the server and wherever else the site keeps it. */
  rotatePassword?(role: string, password: string, signal: AbortSignal): Promise<void>

  /** Lets go of what the site holds; a sandbox ends. Idempotent. */
  close(): Promise<void>
}

/** The node that is the primary by the definition. */
export function definedPrimary({ nodes }: Pick<Site, 'nodes'>): string {
  return nodes[0].name
}

/** The nodes that are replicas by the definition. */
export function definedReplicas({ nodes }: Pick<Site, 'nodes'>): string[] {
  return nodes.slice(1).map(({ name }) => name)
}

/** The backup store, where the site can take it away. */
export function removableStore({ store }: Pick<Site, 'store'>): RemovableStore | undefined {
  return store?.cut === undefined || store.reconnect === undefined ? undefined : (store as RemovableStore)
}
