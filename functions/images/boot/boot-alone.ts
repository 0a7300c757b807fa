import { openLab } from '../lab/lab.ts'
import { openJournal } from '../lab/lab-check.ts'
import type { LabHost } from '../lab/lab-host.ts'
import { addMachine } from '../lab/machine.ts'
import { nodeOf } from '../lab/node-of.ts'
import { labPasswords, nodePlan } from '../lab/node-plan.ts'
import type { TestCheck } from '../test-report.ts'
import { compareIdentities, readIdentity } from './identity.ts'
import { checkListening } from './listening.ts'
import { bootedNode } from './scene.ts'
import { checkSecurityUpdates } from './security-updates.ts'
import { checkServices } from './services.ts'
import { checkVerifyScripts } from './verify-scripts.ts'
import { checkWaiting } from './waiting-replica.ts'

const size = { cpus: 2, memoryMib: 2048 }

/** Boots the image of a docker machine, or of a replica whose primary is not there, twice from two disks. */
export async function bootAlone(role: 'docker' | 'replica', disk: string, host: LabHost): Promise<readonly TestCheck[]> {
  const { cluster, say } = host
  const node = nodeOf(cluster, role)
  const { check, checks } = openJournal('boot', say)
  const lab = await openLab({ ...host, taken: [node.address] })
  try {
    const known = { lab, cluster, node, passwords: labPasswords(cluster) }
    const machine = await addMachine(lab, nodePlan(known, { number: 1, disk, name: 'one' }))
    const running = await machine.start(size)
    const booted = await bootedNode(running, known)
    if (role === 'replica') await check('it waits for its primary', () => checkWaiting(booted.shell))
    else await check('every service is up', () => checkServices(booted.shell))
    await check('what listens is what the definition offers', () => checkListening(booted))
    await check("the bake's own checks hold", () => checkVerifyScripts(booted))
    if (role === 'docker') await check('security updates restart no server', () => checkSecurityUpdates(booted))
    const identity = await readIdentity(booted.shell, false)
    await running.guest.cutPower()
    const other = await addMachine(lab, nodePlan(known, { number: 2, disk, name: 'two' }))
    const again = await other.start(size)
    const second = await readIdentity(await again.shell(), false)
    await check('two machines of one image are two', async () => compareIdentities(identity, second))
    return checks
  } finally {
    await lab.end()
  }
}
