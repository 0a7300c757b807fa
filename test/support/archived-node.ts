import { readFileSync } from 'node:fs'
import type { Cluster } from '../../config/index.ts'
import { s3ServerProgram } from '../../sandbox/s3-server.ts'
import { Authority } from './certificates.ts'
import { bootDatabaseNode, type DatabaseNode, hostCluster } from './database-node.ts'

/** What the repository's store lets in. */
export const archiveKeys = { 'repository-key': 'REPOSITORYKEY', 'repository-key-secret': 'repository-secret' }

/** A primary that archives to a repository of pgBackRest. */
export interface ArchivedNode {
  node: DatabaseNode
  cluster: Cluster
}

/**
 * Boots a primary with point-in-time recovery, and beside it, in its own network, a real S3 server with TLS, which it trusts as
 * it trusts a provider's. Its PostgreSQL is not started yet.
 *
 * @param directory takes keys and certificates.
 */
export async function bootArchivedNode(directory: string): Promise<ArchivedNode> {
  const secret = { env: 'UNUSED' }
  const store = { type: 's3', name: 'main', bucket: 'shop-backups', prefix: 'ballast', region: 'us-east-1' }
  const own = { endpoint: 'https://store.test:7070', credentials: { accessKeyId: secret, secretAccessKey: secret } }
  const cluster = await hostCluster({
    region: 'us-east-1',
    backup: { stores: [{ ...store, ...own }], retention: { keep: { daily: 7 } }, pitr: { store: 'main', keepFull: 2 } },
  })
  const authority = new Authority(directory, 'provider')
  const { cert, key } = await authority.issue('db-1', { commonName: 'db-1', alternativeNames: 'DNS:db-1' })
  const certificate = { 'server.crt': readFileSync(cert, 'utf8'), 'server.key': readFileSync(key, 'utf8') }
  const node = await bootDatabaseNode(cluster, 'db-1', { ...archiveKeys, ...certificate })
  try {
    await startStore(node, authority)
    return { node, cluster }
  } catch (error) {
    await node.close()
    throw error
  }
}

async function startStore(node: DatabaseNode, authority: Authority): Promise<void> {
  const { cert, key } = await authority.issue('store', { commonName: 'store.test', alternativeNames: 'DNS:store.test' })
  await node.put('/srv/root.crt', readFileSync(authority.root, 'utf8'))
  await node.put('/srv/store.crt', readFileSync(cert, 'utf8'))
  await node.put('/srv/store.key', readFileSync(key, 'utf8'))
  await node.sh('install -m 644 /srv/root.crt /usr/local/share/ca-certificates/store.crt && update-ca-certificates')
  const { 'repository-key': id, 'repository-key-secret': secret } = archiveKeys
  const credentials = `-E ROOT_ACCESS_KEY_ID=${id} -E ROOT_SECRET_ACCESS_KEY=${secret}`
  const listen = '--port 127.0.0.1:7070 --region us-east-1 --cert /srv/store.crt --key /srv/store.key --iam-dir /srv/iam'
  await node.sh('echo 127.0.0.1 store.test >> /etc/hosts')
  await node.sh('mkdir -p /srv/objects/shop-backups /srv/iam')
  await node.sh(`systemd-run --unit=store ${credentials} ${await s3ServerProgram()} ${listen} posix /srv/objects`)
  await node.sh("timeout 30 sh -c 'until ss -tln | grep -qF 127.0.0.1:7070; do sleep 0.1; done'")
}
