import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cluster } from '../../config/cluster.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { randomSecret } from '../../sandbox/secret.ts'

/** Gives a new sandbox the databases of a definition with their owners, and its synchronous replication. */
export async function prepareSandbox(sandbox: Sandbox, { databases, postgres }: Cluster): Promise<void> {
  const owners = [...new Set(databases.map(({ owner }) => owner))]
  await sandbox.psql(sandbox.primary.adminUrl(), owners.map(ownerSql).join(''))
  for (const { name, owner } of databases) await sandbox.createDatabase(name, owner)
  const { mode, standbys } = postgres.synchronous
  if (mode !== 'off') await waitForStandbys(sandbox, mode, standbys)
}

/** The definition may name one that every sandbox has. */
function ownerSql(owner: string): string {
  const literal = owner.replaceAll("'", "''")
  const identifier = owner.replaceAll('"', '""')
  return `SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${literal}') AS missing \\gset
\\if :missing
CREATE ROLE "${identifier}" LOGIN PASSWORD '${randomSecret()}';
\\endif
`
}

/** In the file of every server, so that it holds for whichever is the primary. */
async function waitForStandbys(sandbox: Sandbox, mode: string, standbys: number): Promise<void> {
  const { nodes } = sandbox.parts
  for (const node of nodes) {
    const others = nodes.filter((one) => one !== node).map(({ name }) => `"${name}"`)
    const lines = [
      `synchronous_commit = ${mode}`,
      `synchronous_standby_names = 'ANY ${Math.min(standbys, others.length)} (${others.join(', ')})'`,
    ]
    await appendFile(join(node.data.dataDirectory, 'postgresql.conf'), `${lines.join('\n')}\n`)
  }
  for (const server of [sandbox.primary, ...sandbox.standbys]) {
    await sandbox.psql(server.adminUrl(), 'SELECT pg_reload_conf()')
  }
}
