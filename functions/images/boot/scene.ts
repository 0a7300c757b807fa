import type { Guest } from '../../platform/qemu/guest.ts'
import type { GuestShell } from '../../platform/qemu/guest-shell.ts'
import { type Speakers, speakers } from '../lab/addresses.ts'
import type { RunningMachine } from '../lab/machine.ts'
import { type LabNode, labAddresses } from '../lab/node-plan.ts'
import type { NetworkLogin } from '../lab/postgres.ts'

/** A node that runs in the lab and lets the tests in, and all that is known of it. */
export interface BootedNode extends LabNode {
  guest: Guest
  shell: GuestShell
  addresses: { ipv4: string; ipv6: string }
  /** Whom a test can speak as. */
  speakers: { ipv4: Speakers; ipv6: Speakers }
}

/** Waits until the machine lets the tests in. */
export async function bootedNode(machine: RunningMachine, known: LabNode): Promise<BootedNode> {
  const { lab, cluster } = known
  return {
    ...known,
    guest: machine.guest,
    shell: await machine.shell(),
    addresses: labAddresses(known),
    speakers: { ipv4: speakers(cluster, 'ipv4', lab.taken), ipv6: speakers(cluster, 'ipv6', lab.taken) },
  }
}

/** How the owner of the first database comes in through the node's pooler. */
export function poolerLogin(known: LabNode): NetworkLogin {
  const { cluster, passwords } = known
  const [database] = cluster.databases
  if (database === undefined) throw new Error('a definition without a database has passed the check')
  const { name, owner } = database
  const { ipv4 } = labAddresses(known)
  return { host: ipv4, port: cluster.pgbouncer.port, user: owner, password: passwords[owner] ?? '', database: name }
}
