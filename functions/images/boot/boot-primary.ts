import { openLab } from '../lab/lab.ts'
import { type Journal, openJournal } from '../lab/lab-check.ts'
import type { LabHost } from '../lab/lab-host.ts'
import { addMachine, type Machine, type MachineSize } from '../lab/machine.ts'
import { nodeOf } from '../lab/node-of.ts'
import { type LabNode, labPasswords, nodePlan } from '../lab/node-plan.ts'
import type { TestCheck } from '../test-report.ts'
import { judgeFirstQuery, timeFirstQuery } from './first-query.ts'
import { compareIdentities, type Identity, readIdentity } from './identity.ts'
import { checkListening } from './listening.ts'
import { checkPoolerLogins } from './pooler-logins.ts'
import { checkSandboxes } from './sandboxes.ts'
import { bootedNode, poolerLogin } from './scene.ts'
import { checkSecurityUpdates } from './security-updates.ts'
import { checkServices } from './services.ts'
import { timeStockBoot } from './stock-boot.ts'
import { checkTuning } from './tuning.ts'
import { checkVerifyScripts } from './verify-scripts.ts'

const usual: MachineSize = { cpus: 2, memoryMib: 2048 }
const larger: MachineSize = { cpus: 2, memoryMib: 4096 }
const smallest: MachineSize = { cpus: 1, memoryMib: 512 }
const small: MachineSize = { cpus: 1, memoryMib: 1024 }

/**
 * Boots a primary's image four times and looks at what came of it: one disk in two sizes, then another in two others, so that
 * each is tuned to what it got and then anew.
 */
export async function bootPrimary(disk: string, host: LabHost): Promise<readonly TestCheck[]> {
  const { cluster, stockDisk, say } = host
  const node = nodeOf(cluster, 'primary')
  const journal = openJournal('boot', say)
  const lab = await openLab({ ...host, taken: [node.address] })
  try {
    const known = { lab, cluster, node, passwords: labPasswords(cluster) }
    const stockSeconds = await timeStockBoot(lab, stockDisk, usual)
    const one = await addMachine(lab, nodePlan(known, { number: 1, disk, name: 'one' }))
    const identity = await firstBoot(known, one, journal, stockSeconds)
    await tuned(known, one, larger, journal)
    const two = await addMachine(lab, nodePlan(known, { number: 2, disk, name: 'two' }))
    const other = await tuned(known, two, smallest, journal)
    await tuned(known, two, small, journal)
    await journal.check('two machines of one image are two', async () => compareIdentities(identity, other))
    return journal.checks
  } finally {
    await lab.end()
  }
}

/** The whole list of checks, on a machine that boots for the first time. */
async function firstBoot(known: LabNode, machine: Machine, { check }: Journal, stockSeconds: number): Promise<Identity> {
  const running = await machine.start(usual)
  await check('first query after power-on', async () => {
    return judgeFirstQuery(await timeFirstQuery(known.lab, running, poolerLogin(known)), stockSeconds)
  })
  const booted = await bootedNode(running, known)
  await check('every service is up', () => checkServices(booted.shell))
  await check('what listens is what the definition offers', () => checkListening(booted))
  await check("the bake's own checks hold", () => checkVerifyScripts(booted))
  await check(tunedAt(usual), () => checkTuning(booted.shell))
  await check('who is let in through the pooler', () => checkPoolerLogins(booted))
  await check('sandboxes under load', () => checkSandboxes(booted))
  await check('security updates restart no server', () => checkSecurityUpdates(booted))
  const identity = await readIdentity(booted.shell, true)
  await running.shutDown()
  return identity
}

/** Starts a machine in a size, and looks how PostgreSQL is tuned there. */
async function tuned(known: LabNode, machine: Machine, size: MachineSize, { check }: Journal): Promise<Identity> {
  const running = await machine.start(size)
  await timeFirstQuery(known.lab, running, poolerLogin(known))
  const { shell } = await bootedNode(running, known)
  await check(tunedAt(size), () => checkTuning(shell))
  const identity = await readIdentity(shell, true)
  await running.shutDown()
  return identity
}

function tunedAt({ memoryMib, cpus }: MachineSize): string {
  return `tuning at ${memoryMib} MiB and ${cpus} CPU`
}
