import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Cluster, checkCluster, type Node } from '../../config/index.ts'
import { roleFiles } from '../../packer/files/role-files.ts'
import { scramVerifier } from '../../packer/scram-verifier.ts'
import { renderSeed } from '../../packer/seed.ts'
import { findPgbouncer, findServerBinaries } from '../../sandbox/binaries.ts'
import { type BootedSystemd, bootSystemd, type MachineEnd } from './booted-systemd.ts'

const scripts = fileURLToPath(new URL('../../image-scripts', import.meta.url))
const verbs = ['install-files', 'set-postgres', 'set-tuner', 'set-pgbouncer', 'set-pgbackrest', 'set-first-boot']

/** Passwords of the roles that the definition knows, and of the owner of the databases. */
export const passwords = {
  ballast_backup: 'backup secret',
  ballast_monitor: 'monitor secret',
  ballast_replication: String.raw`replication\:secret`,
  shop_owner: 'owner secret',
} as const

/** The versions that this machine has. */
export async function hostVersions(): Promise<{ postgres: number; pgbouncer: string }> {
  const [, postgres] = /\/postgresql\/(\d+)\/bin/.exec(await findServerBinaries()) ?? []
  const said = execFileSync(await findPgbouncer(), ['--version'], { encoding: 'utf8' })
  const [, pgbouncer] = /^PgBouncer (\d+\.\d+\.\d+)/.exec(said) ?? []
  if (postgres === undefined || pgbouncer === undefined) throw new Error('no PostgreSQL of Debian, or no PgBouncer')
  return { postgres: Number(postgres), pgbouncer }
}

/** A cluster of this machine's own versions: what the images of a database node are baked from here. */
export async function hostCluster(changes: object = {}): Promise<Cluster> {
  return checkCluster(await hostDefinition(changes))
}

/** The same as it is written down. */
export async function hostDefinition(changes: object = {}) {
  const { postgres, pgbouncer } = await hostVersions()
  const secret = { env: 'UNUSED' }
  return {
    name: 'shop',
    nodes: [
      { name: 'app-1', role: 'docker', address: '10.0.0.10' },
      { name: 'db-1', role: 'primary', address: '10.0.0.11' },
      { name: 'db-2', role: 'replica', address: '10.0.0.12' },
    ],
    postgres: { version: postgres, packages: 'pgdg' },
    pgbouncer: { version: pgbouncer },
    accounts: { backup: { password: secret }, monitor: { password: secret }, replication: { password: secret } },
    databases: [
      { name: 'shop', owner: 'shop_owner', extensions: ['pgcrypto'], pool: { size: 20, reserve: 5 } },
      { name: 'led-ger', owner: 'shop_owner', pool: { size: 10, reserve: 0 } },
    ],
    firewall: { admin: ['10.0.0.11/32'], app: ['10.0.0.10/32'], replica: ['10.0.0.11/32', '10.0.0.12/32'] },
    backup: {
      stores: [{ type: 's3', name: 'main', bucket: 'shop-backups' }],
      retention: { keep: { daily: 7 } },
      fanOut: { pauseReplica: 'db-2' },
    },
    ...changes,
  }
}

/** A node of a cluster: a real systemd over a copy of this machine's root, with the image's files laid and its verbs run. */
export interface DatabaseNode extends BootedSystemd {
  node: Node
  /** Runs shell text there, as root; fails the test on any other exit code than 0. */
  sh(text: string): Promise<string>
  /** Writes a file there, for root alone. */
  put(path: string, content: string): Promise<MachineEnd>
  /** A statement as the superuser on the node itself. */
  sql(statement: string): Promise<string>
  /** What each check of the bake found, by verb. */
  findings: Readonly<Record<string, string>>
}

/** Boots a node with a network of its own, bakes it, and gives it its seed; its services are not started yet. */
export async function bootDatabaseNode(
  cluster: Cluster,
  name: string,
  secrets: Readonly<Record<string, string>> = {},
): Promise<DatabaseNode> {
  const node = cluster.nodes.find((candidate) => candidate.name === name)
  if (node === undefined) throw new Error(`no node ${name}`)
  const machine = await bootSystemd({ ownNetwork: true })
  try {
    const sh = async (text: string): Promise<string> => {
      const { code, stdout, stderr } = await machine.run('bash', ['-c', `PATH=/usr/local/sbin:/usr/local/bin:$PATH; ${text}`])
      if (code !== 0) throw new Error(`exit ${code} of: ${text}\n${stdout}${stderr}`)
      return stdout
    }
    const sql = (statement: string): Promise<string> =>
      sh(`cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d postgres <<'SQL'\n${statement}\nSQL`).then((text) =>
        text.trim(),
      )
    const put = (path: string, content: string) => machine.run('sh', ['-c', `umask 077; cat > ${path}`], content)
    await layFiles(machine, cluster, node, secrets)
    const findings: Record<string, string> = {}
    for (const verb of verbs) {
      await sh(`bash /tmp/ballast/image-scripts/${verb}.sh`)
      if (verb !== 'install-files')
        findings[verb] = (await machine.run('bash', [`/tmp/ballast/image-scripts/verify/${verb}.sh`])).stdout
    }
    await sh('cp -rT /tmp/seed / && systemctl daemon-reload && ip link set lo up')
    return { ...machine, node, sh, put, sql, findings }
  } catch (error) {
    await machine.close()
    throw error
  }
}

/** As Packer uploads them, and as cloud-init writes what the seed says. */
async function layFiles(
  machine: BootedSystemd,
  cluster: Cluster,
  node: Node,
  extra: Readonly<Record<string, string>>,
): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), 'ballast-image-'))
  try {
    const put = async (path: string, content: string, mode = 0o644): Promise<void> => {
      await mkdir(dirname(join(stage, path)), { recursive: true })
      await writeFile(join(stage, path), content, { mode })
    }
    await cp(scripts, join(stage, 'ballast/image-scripts'), { recursive: true })
    for (const { path, content } of roleFiles(cluster, node.role)) await put(`ballast/root${path}`, content)
    const [, ...lines] = renderSeed(cluster, node, { ...nodeSecrets(node), ...extra })['user-data'].split('\n')
    const { write_files } = JSON.parse(lines.join('\n')) as {
      write_files: { path: string; permissions: string; content: string }[]
    }
    for (const { path, permissions, content } of write_files) await put(`seed${path}`, content, Number.parseInt(permissions, 8))
    const archive = execFileSync('tar', ['--create', '--owner=0', '--group=0', '-C', stage, '.'], {
      maxBuffer: 64 * 1024 * 1024,
    })
    const { code, stderr } = await machine.run('sh', ['-c', 'base64 -d | tar -x -C /tmp'], archive.toString('base64'))
    if (code !== 0) throw new Error(stderr)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

function nodeSecrets({ role }: Node): Record<string, string> {
  const replication = { 'replication-password': passwords.ballast_replication }
  if (role !== 'primary') return replication
  const verifiers = Object.entries(passwords).map(([name, password]) => [
    `${name}.verifier`,
    scramVerifier(password, randomBytes(16)),
  ])
  return { ...replication, ...Object.fromEntries(verifiers) }
}

/** Connects the networks of two nodes by a cable, each with its address of the definition. */
export function connectNodes(one: DatabaseNode, other: DatabaseNode): void {
  const inside = (node: DatabaseNode, ...args: string[]) =>
    execFileSync('nsenter', ['--target', String(node.pid), '--net', 'ip', ...args])
  inside(one, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(other.pid))
  for (const node of [one, other]) {
    inside(node, 'address', 'add', `${node.node.address}/24`, 'dev', 'eth0')
    inside(node, 'link', 'set', 'eth0', 'up')
  }
}
