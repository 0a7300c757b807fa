import type { Cidr, Cluster } from '../../config/index.ts'
import { EXPORTER_ROLE, POOLER_ROLE } from './postgres-place.ts'

/**
 * pg_hba.conf: who may log in, from where, and how. Off the machine's own socket only with TLS and SCRAM. The firewall has
 * the same networks; here a network is also bound to roles.
 */
export function accessRules(cluster: Cluster): string {
  const { firewall, accounts } = cluster
  const { backup, monitor, replication } = accounts
  const watchers = [backup.user, monitor.user].map(quoted).join(',')
  const loopback = ['127.0.0.1/32', '::1/128']
  const admins = firewall.admin.map(textOf)
  const nodes = firewall.replica.map(textOf)
  return `# From the cluster's definition. The first line that fits decides.
# TYPE DATABASE USER ADDRESS METHOD
local all postgres peer
local all ${POOLER_ROLE},${EXPORTER_ROLE} peer
${passwordless(cluster)
  .map(({ role }) => `local all ${quoted(role)} peer map=${ACCOUNTS_MAP}\n`)
  .join('')}# PgBouncer reads logins in it, and no client of PgBouncer has anything to do there.
local postgres all reject
local all all scram-sha-256
${hosts('all', 'all', [...loopback, ...admins])}${hosts('replication', quoted(replication.user), nodes)}# pg_rewind reads the server's files by SQL.
${hosts('postgres', quoted(replication.user), nodes)}${hosts('all', watchers, nodes)}`
}

/** pg_ident.conf: which system users of this machine are which roles. */
export function userMaps(cluster: Cluster): string {
  const lines = passwordless(cluster).map(({ role, user }) => `${ACCOUNTS_MAP} ${user} ${quoted(role)}\n`)
  return `# From the cluster's definition: accounts without a password belong to the user that runs Ballast here.
# MAP SYSTEM-USER ROLE
${lines.join('')}`
}

const ACCOUNTS_MAP = 'ballast'

/** An account without a password logs in as the system user that runs Ballast's timers, where those run on this machine. */
function passwordless({ accounts, runtime }: Cluster): { role: string; user: string }[] {
  const { user } = runtime.timers
  return [accounts.backup, accounts.monitor].flatMap((account) =>
    account.password === undefined ? [{ role: account.user, user }] : [],
  )
}

function hosts(database: string, roles: string, networks: readonly string[]): string {
  return networks.map((network) => `hostssl ${database} ${roles} ${network} scram-sha-256\n`).join('')
}

function textOf({ text }: Cidr): string {
  return text
}

/** In quotes, a name never has a special meaning, such as `all` has without. */
function quoted(name: string): string {
  return `"${name}"`
}
