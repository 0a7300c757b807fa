import type { BootedNode } from '../boot/scene.ts'
import type { LabFinding } from '../lab/lab-check.ts'
import { portPolicies } from './expected-ports.ts'
import { checkPorts } from './port-matrix.ts'
import { startStrayService } from './stray-service.ts'

/** The ports of a database machine, from everywhere. */
export async function checkDatabasePorts(database: BootedNode): Promise<LabFinding> {
  const { cluster, node, shell, addresses } = database
  await startStrayService(shell)
  return await checkPorts(
    database,
    portPolicies(cluster, node.role).map((policy) => ({ ...policy, ...addresses })),
  )
}
