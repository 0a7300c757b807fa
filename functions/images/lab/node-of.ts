import type { Cluster, Node } from '../../../config/index.ts'
import { Failure } from '../../platform/failure.ts'
import type { ImageRole } from '../image-facts.ts'

/** The first node of a role. @throws Failure of kind `config` where the definition has none. */
export function nodeOf(cluster: Cluster, role: ImageRole): Node {
  const node = cluster.nodes.find((one) => one.role === role)
  if (node !== undefined) return node
  throw new Failure(`the definition has no node of the role ${role}`, {
    ...{ kind: 'config', subject: 'nodes', hint: 'Add one, or test only images of roles that have nodes.' },
  })
}
