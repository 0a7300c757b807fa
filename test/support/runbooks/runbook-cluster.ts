import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkCluster } from '../../../config/index.ts'
import { bootDatabaseNode, connectNodes, type DatabaseNode, hostDefinition, hostVersions, passwords } from '../database-node.ts'
import { onNode } from './node-place.ts'
import { passwordFile, runOperatorShell } from './operator-shell.ts'
import type { Places } from './runbook.ts'

const config = fileURLToPath(new URL('../../../config/index.ts', import.meta.url))
const diskMegabytes = 1024

/** A primary and a replica as the images make them, and the operator's machine, with this project, in their network. */
export interface RunbookCluster extends Places {
  /** db-1, the first primary, at 10.0.0.11. */
  first: DatabaseNode
  /** db-2, its first replica, at 10.0.0.12. */
  second: DatabaseNode
  /** systemd's name for the server. */
  unit: string
  version: number
  /** On the operator's machine: for stores, and for files of a runbook. */
  directory: string
  /** Writes the operator's definition, with the primary that it is to have. */
  define(primary: 'db-1' | 'db-2'): Promise<void>
  /** Changes passwords of roles where the operator keeps them: in files, and in `.pgpass`. */
  tell(changed: Readonly<Record<string, string>>): Promise<void>
  close(): Promise<void>
}

/** Boots it; the replica streams. Data is on a small disk of its own. */
export async function bootRunbookCluster(): Promise<RunbookCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'ballast-operator-'))
  const definition = await hostDefinition(operatorChanges(directory))
  const cluster = checkCluster(definition)
  const { postgres: version } = await hostVersions()
  const unit = `postgresql@${version}-main`
  const [first, second] = await Promise.all([bootDatabaseNode(cluster, 'db-1'), bootDatabaseNode(cluster, 'db-2')])
  const close = async (): Promise<void> => {
    await first.close()
    await second.close()
    await rm(directory, { recursive: true, force: true })
  }
  const known: Record<string, string> = { ...passwords }
  const tell = async (changed: Readonly<Record<string, string>>): Promise<void> => {
    Object.assign(known, changed)
    for (const [role, password] of Object.entries(known)) await writeFile(join(directory, role), password, { mode: 0o600 })
    await writeFile(join(directory, '.pgpass'), passwordFile(known), { mode: 0o600 })
  }
  const define = (primary: 'db-1' | 'db-2') =>
    writeFile(join(directory, 'ballast.config.ts'), definitionText(definition, primary))
  try {
    await Promise.all([define('db-1'), tell({})])
    connectNodes(first, second)
    await startDatabases(first, second, unit)
  } catch (error) {
    await close()
    throw error
  }
  const places: Places = {
    onMachine: (script, input) => runOperatorShell({ directory, networkOf: first.pid }, script, input),
    onNode: (address, script, input) => {
      const node = [first, second].find((candidate) => candidate.node.address === address)
      if (node === undefined) throw new Error(`there is no node at ${address}`)
      return onNode(node, script, input)
    },
  }
  return { ...places, first, second, unit, version, directory, define, tell, close }
}

/** The operator's machine is at the primary's address, for there is a cable between the nodes alone. */
function operatorChanges(directory: string): object {
  const password = (role: string) => ({ password: { file: join(directory, role) } })
  return {
    accounts: {
      backup: password('ballast_backup'),
      monitor: password('ballast_monitor'),
      replication: password('ballast_replication'),
    },
    backup: {
      stores: [{ type: 'file', name: 'main', directory: join(directory, 'store') }],
      retention: { keep: { daily: 7 } },
    },
  }
}

function definitionText(definition: { nodes: readonly object[] }, primary: string): string {
  const nodes = (definition.nodes as { name: string; role: string }[]).map((node) =>
    node.role === 'docker' ? node : { ...node, role: node.name === primary ? 'primary' : 'replica' },
  )
  // The nodes sign their certificates themselves.
  const whole = {
    ...definition,
    nodes,
    postgres: { ...(definition as { postgres?: object }).postgres, tls: { mode: 'require' } },
  }
  return `import { defineCluster } from '${config}'\nexport default defineCluster(${JSON.stringify(whole, undefined, 2)})\n`
}

async function startDatabases(first: DatabaseNode, second: DatabaseNode, unit: string): Promise<void> {
  const start = async (node: DatabaseNode): Promise<void> => {
    await node.sh(`mount -t tmpfs -o size=${diskMegabytes}m,mode=755 tmpfs /var/lib/postgresql`)
    await node.sh(`chown postgres: /var/lib/postgresql && systemctl start ${unit} pgbouncer`)
  }
  await Promise.all([start(first), start(second)])
}
