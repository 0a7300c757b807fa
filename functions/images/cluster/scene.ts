import { type BootedNode, bootedNode } from '../boot/scene.ts'
import type { ImageRole } from '../image-facts.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { LabHost } from '../lab/lab-host.ts'
import { addMachine, type Machine } from '../lab/machine.ts'
import { nodeOf } from '../lab/node-of.ts'
import { labPasswords, nodePlan } from '../lab/node-plan.ts'

/** What cluster tests are run with: the disk of each role's image. */
export interface ClusterOptions extends LabHost {
  disks: Readonly<Record<ImageRole, string>>
}

/** A primary, a replica and a docker machine on one network. */
export interface ClusterScene {
  lab: Lab
  primary: BootedNode
  replica: BootedNode
  docker: BootedNode
  /** Starts the primary's disk again, after its power was cut. */
  restartPrimary(): Promise<BootedNode>
}

const size = { cpus: 1, memoryMib: 1024 }
const roles: readonly ImageRole[] = ['primary', 'replica', 'docker']

/** Powers all three on at the same time, and waits until each lets the tests in. */
export async function startCluster(options: ClusterOptions): Promise<ClusterScene> {
  const { cluster, disks } = options
  const nodes = roles.map((role) => nodeOf(cluster, role))
  const lab = await openLab({ ...options, taken: nodes.map(({ address }) => address) })
  try {
    const passwords = labPasswords(cluster)
    const machines: Machine[] = []
    for (const [index, node] of nodes.entries()) {
      const plan = nodePlan({ lab, cluster, node, passwords }, { number: index + 1, disk: disks[node.role], name: node.name })
      machines.push(await addMachine(lab, plan))
    }
    const start = async (index: number): Promise<BootedNode> => {
      const [machine, node] = [machines[index], nodes[index]]
      if (machine === undefined || node === undefined) throw new Error(`there is no machine ${index}`)
      return await bootedNode(await machine.start(size), { lab, cluster, node, passwords })
    }
    const [primary, replica, docker] = await Promise.all([start(0), start(1), start(2)])
    return { lab, primary, replica, docker, restartPrimary: async () => await start(0) }
  } catch (error) {
    await lab.end()
    throw error
  }
}
