import { bootDatabaseNode, connectNodes, type DatabaseNode, hostCluster } from './database-node.ts'

/** A primary and the replica that has joined it, on a network of their own. */
export interface DatabasePair {
  primary: DatabaseNode
  replica: DatabaseNode
  close(): Promise<void>
}

/** Boots both at once, as in a new cluster, and starts the given units on each: the replica waits for its primary. */
export async function bootDatabasePair(units: string): Promise<DatabasePair> {
  const cluster = await hostCluster()
  const [primary, replica] = await Promise.all([bootDatabaseNode(cluster, 'db-1'), bootDatabaseNode(cluster, 'db-2')])
  const close = async (): Promise<void> => {
    await primary.close()
    await replica.close()
  }
  try {
    connectNodes(primary, replica)
    const joined = replica.sh(`systemctl start ${units}`)
    await primary.sh(`systemctl start ${units}`)
    await joined
    return { primary, replica, close }
  } catch (error) {
    await close()
    throw error
  }
}
